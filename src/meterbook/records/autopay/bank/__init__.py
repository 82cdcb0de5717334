"""What goes to the bank and what comes back: files, returns, notifications of change, refunds, the match."""
