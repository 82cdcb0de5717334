"""Deposits held for customers: a liability until they are applied to a bill or paid back."""
