"""Calculating a case: what stands, the same days billed again, what differs and how far back, and its run."""
