"""The city as it is drawn by chance that repeats: premises, services, people, meters and what passes them."""
