"""Screens of payments: batches and money nobody could place."""
