"""Deeds on places: loading a city's places, and the dated facts of a service point."""
