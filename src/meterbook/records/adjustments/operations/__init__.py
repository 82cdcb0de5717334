"""What can be done about adjustments."""
