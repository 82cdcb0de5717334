"""Tables of the refunds area."""
