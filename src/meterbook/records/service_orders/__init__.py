"""Service orders: what crews are sent to do, what they found, and what it changed."""
