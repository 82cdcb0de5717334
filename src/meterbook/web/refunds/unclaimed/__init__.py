"""Unclaimed money on screen: found, told, published, claimed, taken over."""
