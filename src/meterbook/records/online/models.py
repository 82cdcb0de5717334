"""Tables of the online area."""
