"""Alder Bend's meters with intervals: what their head-ends send after the current month."""
