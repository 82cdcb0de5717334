"""Deeds that put answers of the head-end on record."""
