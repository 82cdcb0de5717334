"""Statistics of reads by reader and route."""
