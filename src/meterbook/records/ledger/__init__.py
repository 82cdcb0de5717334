"""Ledger: the append-only books: transfers, open items and what settled them."""
