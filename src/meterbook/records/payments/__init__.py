"""Payments: money that arrived, by batch, and where it went."""
