"""Leak credits: the facts of a claim, its rules judged, its bills priced again with the credited usage."""
