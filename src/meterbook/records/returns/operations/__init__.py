"""Deeds of the returns area."""
