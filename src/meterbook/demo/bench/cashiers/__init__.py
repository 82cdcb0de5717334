"""`meterbook bench cashiers`: many cashiers taking money at once on one database."""
