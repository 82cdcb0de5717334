"""Deeds of the correspondence area."""
