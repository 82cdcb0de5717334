"""Rates: schedules and their released tariff documents."""
