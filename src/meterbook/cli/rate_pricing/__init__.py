"""Pricing without the database: `meterbook rates price`, one module per format."""
