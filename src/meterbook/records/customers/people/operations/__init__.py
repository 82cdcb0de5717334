"""What changes the people behind an account."""
