"""Tables of the closing area."""
