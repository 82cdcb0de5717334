"""Moves: what a city asks of who moves in, how late one may be entered, and whose debt bars a new service."""
