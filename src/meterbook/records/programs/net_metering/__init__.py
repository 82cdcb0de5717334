"""Net metering: the tariff owns the formula, this owns the ledger. What a bill brings, what it leaves, what settles."""
