"""The bank: statements, what they match, channels' files."""
