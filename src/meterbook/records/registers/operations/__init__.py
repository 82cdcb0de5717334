"""Deeds of the registers area."""
