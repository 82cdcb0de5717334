"""New service: permits, parcels to come, quotes, set sheets."""
