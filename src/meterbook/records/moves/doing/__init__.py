"""What a move does, piece by piece: reads, leaving, entering, and what follows of it."""
