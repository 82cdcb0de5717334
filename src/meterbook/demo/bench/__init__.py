"""Measurements on the demo city."""
