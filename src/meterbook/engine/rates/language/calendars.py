"""Calendars of time of use: which named period every minute of every day belongs to, holidays included.

Days are of one kind each: a holiday is only a holiday, whatever its weekday. Hours are half-open and of the same day:
22:00 to 06:00 means both ends of every day the rule names. Every minute has exactly one period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Profile:
    """One day's periods: ``starts`` in minutes of the day (the first is 0) with the place of each in the calendar."""

    starts: tuple[int, ...]
    periods: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``periods`` in order with their printed ``labels``; `profile_of` says how a day is divided.

    ``kinds`` maps (season or "", month, kind of day) to a place in ``profiles``.
    """

    periods: tuple[str, ...]
    labels: tuple[dict[str, str] | None, ...]
    profiles: tuple[Profile, ...]

    def holidays_of(self, year: int) -> frozenset[date]:
        """The days of a year that are kept as holidays, observed shifts included."""
        raise NotImplementedError

    def profile_of(self, day: date) -> int:
        """The place in ``profiles`` of the day's division."""
        raise NotImplementedError

    def period_at(self, day: date, minute: int) -> str:
        """The period of a minute of a day, counted from 0."""
        raise NotImplementedError
