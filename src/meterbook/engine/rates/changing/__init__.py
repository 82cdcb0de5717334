"""Facts that change inside a bill: which days share the same facts, on columns and in Decimal, apart."""
