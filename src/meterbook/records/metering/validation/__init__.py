"""Reads on their way in: what they are compared with, what the rules say of them, accepted or queued."""
