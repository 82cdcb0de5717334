"""A price for each unit: a flat rate, a rider that changes by date, a surcharge or a credit."""
