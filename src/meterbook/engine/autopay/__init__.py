"""Payments drawn from bank accounts: banking days, what is drawn and when, what is held, what a return means."""
