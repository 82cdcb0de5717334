"""Deeds of the fees area."""
