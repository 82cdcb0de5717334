"""Tables of the autopay area."""
