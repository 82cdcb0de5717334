"""Screens of contacts: the log, verifying a caller, who looked at whom."""
