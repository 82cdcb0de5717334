"""What is done about small balances."""
