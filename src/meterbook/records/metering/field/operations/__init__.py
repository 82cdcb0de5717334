"""Deeds on field requests, one a step."""
