"""Unmetered lights: a price per lamp by its kind and wattage, times the number of lamps."""
