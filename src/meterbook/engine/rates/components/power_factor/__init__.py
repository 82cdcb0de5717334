"""Charges for a power factor below the target: a percentage of named lines by points, or by ratio."""
