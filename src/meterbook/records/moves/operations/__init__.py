"""Deeds of the moves area."""
