"""One-off charges: what the fee catalogue allows, what a connection pays into the system, in how many parts."""
