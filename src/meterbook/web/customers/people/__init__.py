"""Screens of the people behind an account: contact data, parts, alerts, papers."""
