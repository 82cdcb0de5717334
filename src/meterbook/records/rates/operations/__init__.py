"""Deeds on rates: proposing a tariff and releasing it."""
