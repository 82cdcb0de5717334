"""Energy by time of use, tiered by a named convention where it is tiered."""
