"""What can be done about money owed to others."""
