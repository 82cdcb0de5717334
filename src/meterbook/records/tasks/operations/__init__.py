"""Deeds of the tasks area."""
