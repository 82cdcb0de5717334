"""Deeds of the online area."""
