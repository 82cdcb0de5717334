"""Deeds of the new service area."""
