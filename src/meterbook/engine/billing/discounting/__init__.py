"""Discounts and the medical baseline: who may have one, with which documents, for how long."""
