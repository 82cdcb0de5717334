"""Screens of the bank: what waits on either side, statements, matches, suspense, batches taken back."""
