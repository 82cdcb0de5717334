"""Deeds of the cashiering area."""
