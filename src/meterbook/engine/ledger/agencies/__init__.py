"""Money owed to others: what an agreement says is theirs, and whose cents a payment settled."""
