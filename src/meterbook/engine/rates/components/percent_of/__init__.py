"""A percentage of other lines: a surcharge or a credit, with exemption and caps."""
