"""Locate tickets of the 811 centre: taken in, timed, given to a crew, answered. Format: formats/locates."""
