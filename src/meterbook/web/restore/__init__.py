"""Restoring service on screen."""
