"""Customers: people, accounts, service agreements and protections."""
