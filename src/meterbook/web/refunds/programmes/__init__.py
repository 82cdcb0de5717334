"""Small balances and rebates on screen."""
