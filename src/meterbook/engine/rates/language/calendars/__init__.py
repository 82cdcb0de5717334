"""Calendars of time of use: named periods by season, month, day and hour, with holidays."""

from meterbook.engine.rates.language.calendars.calendar import ALL, Calendar

__all__ = ["ALL", "Calendar"]
