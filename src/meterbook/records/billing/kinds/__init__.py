"""Bills that are not a cycle's ordinary ones: finals and other off-cycle bills, statements, summaries, wholesale."""
