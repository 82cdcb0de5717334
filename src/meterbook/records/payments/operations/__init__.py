"""Deeds on money that arrived."""
