"""Deeds on a run that is under way or posted: pause, resume, restart, recalculate, hand off, keep reports, close."""
