"""What is asked of who owes: more time, a plan of instalments, and whether it is kept."""
