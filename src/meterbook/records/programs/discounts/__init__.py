"""Discounts and the medical baseline: enrolling, renewing, ending, going along with a mover."""
