"""Deeds of the contacts area."""
