"""Intervals on record: which channel a delivery belongs to, what of it can be taken, and where it is read again."""
