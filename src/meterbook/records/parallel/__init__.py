"""Another system's bills of the same period beside ours, account by account, line by line."""
