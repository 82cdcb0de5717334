"""Deeds of the refunds area."""
