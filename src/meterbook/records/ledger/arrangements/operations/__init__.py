"""The operations of payment extensions and arrangements."""
