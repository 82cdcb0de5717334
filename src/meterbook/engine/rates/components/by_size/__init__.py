"""A fixed charge looked up by a key, such as the meter's size."""
