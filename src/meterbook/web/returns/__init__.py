"""Pages of returned payments: what came back, the fee, the letter, tenders refused."""
