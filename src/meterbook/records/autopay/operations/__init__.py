"""Deeds of the autopay area."""
