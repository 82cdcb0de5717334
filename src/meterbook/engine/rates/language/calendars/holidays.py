"""Holidays of a calendar: fixed days, a weekday of a month counted from either end, and the days they are moved to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from meterbook.engine.rates.document import UNREAD, Field

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of every year (``day``), or the ``nth`` ``weekday`` (0 is Monday; -1 the last) of a month.

    ``offset`` days are added: the Friday after the fourth Thursday. Only fixed days are ever moved.
    """

    name: str
    month: int
    day: int = 0
    weekday: int = 0
    nth: int = 0
    offset: int = 0

    def date_in(self, year: int) -> date:
        """The day it falls on, before any shift."""
        if self.day:
            return date(year, self.month, self.day)
        if self.nth > 0:
            first = date(year, self.month, 1)
            start = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))
        else:
            last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
            start = last - timedelta(days=(last.weekday() - self.weekday) % 7)
        return start + timedelta(days=self.offset)


@dataclass(frozen=True, slots=True)
class Shift:
    """What happens to a fixed holiday on a weekend: ``saturday`` and ``sunday`` are days to add (0: it stays)."""

    saturday: int = 0
    sunday: int = 0


def _kept(holiday: Holiday, year: int, shift: Shift) -> date:
    day = holiday.date_in(year)
    if not holiday.day:
        return day
    return day + timedelta(days={5: shift.saturday, 6: shift.sunday}.get(day.weekday(), 0))


@cache
def kept_in(year: int, holidays: tuple[Holiday, ...], shift: Shift) -> frozenset[date]:
    """The days of the year that are kept as holidays; New Year on a Saturday may be kept the year before."""
    around = (year - 1, year, year + 1)
    return frozenset(kept for one in holidays for each in around if (kept := _kept(one, each, shift)).year == year)


def _weekday_of_month(place: Field) -> dict[str, int] | None:
    """``third monday of february``, with ``+ 1 day`` after it if wanted."""
    text = place.text()
    pattern = rf"({'|'.join(NTH)}) ({'|'.join(WEEKDAYS)}) of ({'|'.join(MONTHS)})(?: \+ ([0-9]) days?)?"
    match = re.fullmatch(pattern, text)
    if match is None:
        if text is not UNREAD:
            place.refuse(
                expected="MM-DD, or words such as 'last monday of may' or 'fourth thursday of november + 1 day'"
            )
        return None
    return {"nth": NTH[match[1]], "weekday": WEEKDAYS.index(match[2]), "month": MONTHS.index(match[3]) + 1,
            "offset": int(match[4] or 0)}  # fmt: skip


def _holiday(name: str, place: Field) -> Holiday | None:
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", place.text() if place.is_scalar() else "")
    if match is None:
        found = _weekday_of_month(place)
        return None if found is None else Holiday(name, **found)
    month, day = int(match[1]), int(match[2])
    try:
        date(2023, month, day)
    except ValueError:
        place.refuse(expected="a month and day MM-DD that every year has")
        return None
    return Holiday(name, month, day)


def read_holidays(place: Field | None) -> tuple[Holiday, ...]:
    """The holidays by name: ``july_4: "07-04"``, ``labor_day: first monday of september``."""
    if place is None:
        return ()
    places = place.pairs(expected="a mapping from each holiday to its day", least=1)
    found = [_holiday(name, one) for name, one in places]
    return tuple(one for one in found if one is not None)


_SATURDAY = {"friday": -1, "monday": 2, "stays": 0}
_SUNDAY = {"monday": 1, "friday": -2, "stays": 0}


def read_shift(place: Field | None) -> Shift:
    """Where fixed holidays on a weekend are kept: ``{saturday: friday, sunday: monday}``; each may be left out."""
    if place is None:
        return Shift()
    entries = place.entries((), ("saturday", "sunday"))
    saturday = entries["saturday"].choice(*_SATURDAY) if "saturday" in entries else "stays"
    sunday = entries["sunday"].choice(*_SUNDAY) if "sunday" in entries else "stays"
    return Shift(_SATURDAY[saturday], _SUNDAY[sunday])
