"""Editing a record on file without losing what somebody else changed meanwhile."""
