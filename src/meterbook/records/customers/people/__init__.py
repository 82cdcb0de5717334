"""The people behind an account: who they are, their part in it, how they are reached, what to know of them."""
