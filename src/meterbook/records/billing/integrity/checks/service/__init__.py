"""Checks of service: who is connected, served and priced."""
