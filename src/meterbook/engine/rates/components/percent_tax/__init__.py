"""A percentage of named earlier lines: a users' tax, a franchise fee, a sales tax."""
