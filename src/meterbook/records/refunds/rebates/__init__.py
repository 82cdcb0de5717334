"""Rebates: programmes with a budget, applications, a second person, paid as a credit or by check."""
