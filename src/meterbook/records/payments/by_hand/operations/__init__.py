"""Asking for a change by hand, and deciding about it."""
