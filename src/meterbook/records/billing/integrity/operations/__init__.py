"""Deeds of the audit: running it, and deciding what it found."""
