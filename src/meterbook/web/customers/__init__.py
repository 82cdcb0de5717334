"""Screens of customers: the account list and the account page."""
