"""Unclaimed money: found, told, published, claimed by its owner, or taken over; every step dated."""
