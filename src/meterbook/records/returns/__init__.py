"""Returned payments: fees, bans of a tender, letters."""
