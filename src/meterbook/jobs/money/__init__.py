"""Money in the background: long payment files."""
