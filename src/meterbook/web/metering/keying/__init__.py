"""Keying reads from a route sheet, on ten keys."""
