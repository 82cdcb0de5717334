"""Days the office is open: due dates that fall on one, and the federal legal holidays.

Which holidays a utility keeps is its own calendar (a policy document); the federal ones are the usual base and are
computed here from the statute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


class HolidaysUnknown(ValueError):
    """The table of holidays does not reach this year."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A legal public holiday: a fixed ``day``, or the ``nth`` ``weekday`` of the month (-1 is the last).

    ``since`` is the first year it was kept, ``citation`` the law.
    """

    name: str
    month: int
    citation: str
    day: int = 0
    nth: int = 0
    weekday: int = MONDAY
    since: int = 1986

    def on(self, year: int) -> date:
        """The statutory day in ``year``, before any observed rule."""
        if self.day:
            return date(year, self.month, self.day)
        if self.nth > 0:
            first = date(year, self.month, 1)
            return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))
        last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - self.weekday) % 7)


_STATUTE = "5 U.S.C. 6103(a)"

#: The first year in which the table below is complete: Martin Luther King, Jr. was first honored in 1986.
FIRST_YEAR = 1986

#: 5 U.S.C. 6103(a) as amended; Inauguration Day, 6103(c), is kept around Washington, D.C. only and left out.
FEDERAL_HOLIDAYS: tuple[Holiday, ...] = (
    Holiday("New Year's Day", 1, _STATUTE, day=1),
    Holiday("Birthday of Martin Luther King, Jr.", 1, f"{_STATUTE}; Pub. L. 98-144", nth=3),
    Holiday("Washington's Birthday", 2, f"{_STATUTE}; Pub. L. 90-363", nth=3),
    Holiday("Memorial Day", 5, f"{_STATUTE}; Pub. L. 90-363", nth=-1),
    Holiday("Juneteenth National Independence Day", 6, f"{_STATUTE}; Pub. L. 117-17", day=19, since=2021),
    Holiday("Independence Day", 7, _STATUTE, day=4),
    Holiday("Labor Day", 9, _STATUTE, nth=1),
    Holiday("Columbus Day", 10, f"{_STATUTE}; Pub. L. 90-363", nth=2),
    Holiday("Veterans Day", 11, f"{_STATUTE}; Pub. L. 94-97", day=11),
    Holiday("Thanksgiving Day", 11, _STATUTE, nth=4, weekday=THURSDAY),
    Holiday("Christmas Day", 12, _STATUTE, day=25),
)


def us_holidays(year: int) -> dict[date, str]:
    """The federal legal holidays that fall or are observed in ``year``, by day, in date order.

    A holiday on a Saturday is observed on the Friday before (5 U.S.C. 6103(b)(1)), one on a Sunday on the Monday
    after (Executive Order 11582, section 3). Both days are in the result, the second as "… (observed)". New Year's
    Day of the next year, when a Saturday, is observed on 31 December of this one.

    Raises `HolidaysUnknown` before 1986, the first year of the present table.

    >>> {day.isoformat(): name for day, name in us_holidays(2026).items() if day.month == 7}
    {'2026-07-03': 'Independence Day (observed)', '2026-07-04': 'Independence Day'}
    >>> us_holidays(2027)[date(2027, 12, 31)]
    "New Year's Day (observed)"
    """
    if not FIRST_YEAR <= year < date.max.year:
        raise HolidaysUnknown(f"no federal holidays for {year}")
    found: dict[date, str] = {}
    for holiday in FEDERAL_HOLIDAYS:
        for kept_in in (year, year + 1):
            if kept_in >= holiday.since:
                day = holiday.on(kept_in)
                found.setdefault(_observed(day), f"{holiday.name} (observed)")
                found[day] = holiday.name
    return {day: found[day] for day in sorted(found) if day.year == year}


def business_day_on_or_after(day: date, holidays: frozenset[date]) -> date:
    """``day`` itself, or the first later day that is not a Saturday, a Sunday or one of ``holidays``.

    >>> business_day_on_or_after(date(2026, 7, 3), frozenset(us_holidays(2026)))
    datetime.date(2026, 7, 6)
    """
    while day.weekday() in (SATURDAY, SUNDAY) or day in holidays:
        day += timedelta(days=1)
    return day


def due_date(bill_date: date, days: int, holidays: frozenset[date]) -> date:
    """``days`` calendar days after ``bill_date``, moved on to a business day; never earlier, so no day is taken away.

    Raises ``ValueError`` for negative ``days``. ``holidays`` must reach past the due date, also into the next year.

    >>> due_date(date(2026, 6, 12), 21, frozenset(us_holidays(2026)))
    datetime.date(2026, 7, 6)
    """
    if days < 0:
        raise ValueError(f"a bill is not due {days} days after its date")
    return business_day_on_or_after(bill_date + timedelta(days=days), holidays)


def _observed(day: date) -> date:
    """The weekday a holiday is kept on."""
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == SUNDAY:
        return day + timedelta(days=1)
    return day
