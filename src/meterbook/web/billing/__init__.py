"""Screens of billing: bill runs, bills and the way a line explains itself."""
