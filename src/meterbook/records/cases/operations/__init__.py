"""Deeds of the cases area."""
