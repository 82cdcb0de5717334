"""What a completed order puts on record, one module a kind of record."""
