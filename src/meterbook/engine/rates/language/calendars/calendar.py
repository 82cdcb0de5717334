"""Calendars of time of use: which named period every minute of every day belongs to, holidays included.

A day is of one kind: a holiday is only a holiday, whatever its weekday. Hours are half-open and of the same day:
22:00 to 06:00 means both ends of every day the rule names. Every minute has exactly one period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from meterbook.engine.rates.language.calendars.holidays import Holiday, Shift, kept_in
from meterbook.engine.rates.language.seasons import Season

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Kinds of day: seven weekdays, and holidays last.
HOLIDAY = 7
KINDS = (*WEEKDAYS, "holidays")
#: Minutes of a day.
DAY = 24 * 60
#: What all hours are called where there is no calendar.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Profile:
    """One day's periods: ``starts`` in minutes of the day (the first is 0) with each one's place in the calendar."""

    starts: tuple[int, ...]
    periods: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``periods`` in order with their printed ``labels``, and how every kind of day is divided.

    ``days`` maps (season or "", month, place in `KINDS`) to a place in ``profiles``; ``source`` cites what enacts it.
    """

    periods: tuple[str, ...]
    labels: tuple[dict[str, str] | None, ...]
    profiles: tuple[Profile, ...]
    days: Mapping[tuple[str, int, int], int] = field(hash=False)
    seasons: tuple[Season, ...]
    holidays: tuple[Holiday, ...]
    shift: Shift
    source: str

    def holidays_of(self, year: int) -> frozenset[date]:
        """The days of a year that are kept as holidays, observed shifts included."""
        return kept_in(year, self.holidays, self.shift)

    def kind_of(self, day: date) -> int:
        """The place of the day's kind in `KINDS`."""
        return HOLIDAY if self.holidays and day in self.holidays_of(day.year) else day.weekday()

    def profile_of(self, day: date) -> int:
        """The place in ``profiles`` of the day's division."""
        return self.days[season_on(self.seasons, day.month, day.day), day.month, self.kind_of(day)]

    def period_at(self, day: date, minute: int) -> str:
        """The period of a minute of a day, counted from 0."""
        profile = self.profiles[self.profile_of(day)]
        at = max(place for place, start in enumerate(profile.starts) if start <= minute)
        return self.periods[profile.periods[at]]

    def label_of(self, period: str) -> dict[str, str] | None:
        """The printed words of a period, where it has its own."""
        return self.labels[self.periods.index(period)]


def season_on(seasons: tuple[Season, ...], month: int, day: int) -> str:
    """The season of a month and day; "" where there are no seasons. 29 February is as the day before it."""
    if (month, day) == (2, 29):
        day = 28
    for season in seasons:
        here, wraps = (month, day), season.end <= season.start
        if (season.start <= here < season.end) if not wraps else (here >= season.start or here < season.end):
            return season.name
    return ""


def combinations(seasons: tuple[Season, ...]) -> tuple[tuple[str, int], ...]:
    """Every season with every month it reaches into, in order of the year."""
    found: dict[tuple[str, int], None] = {}
    day = date(2023, 1, 1)  # a year without a leap day
    while day.year == 2023:
        found[season_on(seasons, day.month, day.day), day.month] = None
        day += timedelta(days=1)
    return tuple(found)
