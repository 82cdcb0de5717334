"""Deeds on the interval store: merging what many deliveries brought, giving up what need not be kept."""
