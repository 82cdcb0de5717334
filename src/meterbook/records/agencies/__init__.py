"""Agencies: money billed here that belongs to others, what is theirs, what was handed over, and files exchanged."""
