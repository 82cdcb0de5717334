"""Deeds of the meter shop and of the crew that hangs meters."""
