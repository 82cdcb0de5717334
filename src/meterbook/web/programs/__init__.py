"""Pages of programs a customer takes part in."""
