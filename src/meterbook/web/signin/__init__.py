"""Signing in: allauth, closed to self-registration."""
