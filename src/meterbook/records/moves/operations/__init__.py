"""Deeds of moving: made or planned, carried out, cancelled, put right; landlords' agreements; names; bulk starts."""
