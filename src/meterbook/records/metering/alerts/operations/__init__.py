"""Deeds that tell of leaks and high usage."""
