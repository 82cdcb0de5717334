"""Adjustments on screen: the worklist, one of them with its decision, adjusting an account, a leak credit."""
