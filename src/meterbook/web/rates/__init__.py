"""Screens of rates: the rate book."""
