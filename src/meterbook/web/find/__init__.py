"""Find: one box for whatever a caller knows."""
