"""Utility billing as a library: pure, without Django, files or a clock."""
