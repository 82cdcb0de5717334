"""Tables of the cashiering area."""
