"""Alder Bend, the invented city: its places and people, its reads and payments, and what happens to some of them."""
