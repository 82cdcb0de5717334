"""Deposits and what stands in their place, on screen."""
