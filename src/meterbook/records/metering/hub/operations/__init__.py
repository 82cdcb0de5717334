"""Deeds of the hub: sources of reads, files received from them, reads keyed by hand."""
