"""Lines billed for somebody else, and what is handed over to them."""
