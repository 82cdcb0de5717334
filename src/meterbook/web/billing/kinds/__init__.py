"""Pages of bills that are not a cycle's ordinary ones: off-cycle runs, finals, summaries, deposits."""
