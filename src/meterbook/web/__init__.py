"""Screens: views translate between people and operations; one domain call per view."""
