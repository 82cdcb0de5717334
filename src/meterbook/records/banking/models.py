"""Tables of the banking area."""
