"""What is done about rebates."""
