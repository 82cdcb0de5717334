"""What is done about unclaimed money."""
