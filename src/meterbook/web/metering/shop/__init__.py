"""Screens of the meter shop: the meters, one meter's life, shipments, tests, exchanges, seals, rights."""
