"""Deeds on meters and reads."""
