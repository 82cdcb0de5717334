"""Measuring Find and the pages of a large city."""
