"""Tables of the fees area."""
