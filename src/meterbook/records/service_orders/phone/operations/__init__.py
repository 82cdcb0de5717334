"""Deeds of the phone: fetching the route, sending an outcome."""
