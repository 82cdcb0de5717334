"""Charges in dispute: what a customer contests, and the one question everything that collects asks."""
