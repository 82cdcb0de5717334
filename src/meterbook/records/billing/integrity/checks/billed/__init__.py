"""Checks of bills: who never gets one, or no longer."""
