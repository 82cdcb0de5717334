"""Small balances: credits and debts too small to pay or to ask for, written down in batches."""
