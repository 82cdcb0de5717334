"""Deeds about kinds of bills: off-cycle runs, finals on demand, summaries for a payer, wholesale deliveries."""
