"""Tables of the returns area."""
