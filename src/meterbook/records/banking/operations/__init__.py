"""Deeds of the banking area."""
