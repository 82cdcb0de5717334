"""Moves: start, stop, transfer, landlords' agreements, and moves put right."""
