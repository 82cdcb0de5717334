"""Deeds of the security area."""
