"""A fixed charge looked up by two keys, such as container size and pickups a week."""
