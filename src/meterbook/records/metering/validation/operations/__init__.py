"""What the office does about a reading as a whole."""
