"""Refunds: credits paid out by check or bank, unclaimed money."""
