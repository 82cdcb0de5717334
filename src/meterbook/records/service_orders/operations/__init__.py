"""Deeds of the service orders area."""
