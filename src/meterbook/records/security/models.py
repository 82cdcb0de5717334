"""Tables of the security area."""
