"""Paying online: the staff's pages, and the doors for the card processor and kiosks."""
