"""The command line: what the office does on screens, and what only an operator does."""
