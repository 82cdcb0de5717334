"""A fixed charge per period, day or year, optionally times a count such as dwelling units."""
