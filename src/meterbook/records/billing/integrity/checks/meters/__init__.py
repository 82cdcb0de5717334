"""Checks of meters: that they hang, count right, and are what the records say."""
