"""Putting a bill right in the period where the mistake was made, and adjustments beside bills."""
