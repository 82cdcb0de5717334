"""Pages of new service: permits, what they propose, quotes, set sheets."""
