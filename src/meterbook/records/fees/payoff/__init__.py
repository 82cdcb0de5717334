"""What pays an account off on a day: for a title or escrow company, a lender, an owner who sells."""
