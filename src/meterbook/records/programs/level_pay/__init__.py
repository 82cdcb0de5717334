"""Level payment: the books keep the true balance; a plan says how much of it a bill asks for now."""
