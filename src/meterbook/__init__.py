"""Meterbook: customer information and billing for municipal utilities."""
