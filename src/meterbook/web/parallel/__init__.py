"""Pages of a parallel run: another system's bills beside ours, and the sign-off."""
