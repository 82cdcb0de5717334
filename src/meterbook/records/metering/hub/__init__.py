"""The hub reads come in through: who sends them, what came, what should have come, and what is keyed by hand."""
