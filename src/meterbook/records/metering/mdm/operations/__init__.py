"""Deeds of the exchange with another meter data management."""
