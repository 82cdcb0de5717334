"""Pages of moves: in, out and across; landlords, names, bulk starts; each shows what it will do before it is saved."""
