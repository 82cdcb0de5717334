"""Sources of reads, what came from them, and what should have come."""
