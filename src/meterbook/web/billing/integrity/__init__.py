"""Pages of the audit of meter accounts."""
