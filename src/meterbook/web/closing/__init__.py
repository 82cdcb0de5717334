"""Month-end on screen: one page a month, with every figure opened down to its entries."""
