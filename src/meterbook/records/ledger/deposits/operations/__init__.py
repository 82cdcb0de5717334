"""Deeds on deposits: received, applied to what is owed."""
