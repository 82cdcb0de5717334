"""Deeds of the closing area."""
