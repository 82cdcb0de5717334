"""Asking a meter over the head-end: does it talk, what does it show; what was asked and answered stays on record."""
