"""Days on which banks settle: the Federal Reserve's, which is not open when a holiday falls on a weekday or a Sunday.

Unlike government offices the Reserve Banks do not close on the Friday before a holiday that falls on a Saturday.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from meterbook.engine.billing.calendar.holidays import FEDERAL_HOLIDAYS, SATURDAY, SUNDAY


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Weekdays of ``year`` on which the Federal Reserve Banks are closed ("Holidays Observed", frbservices.org).

    >>> date(2026, 7, 3) in bank_holidays(2026), date(2027, 7, 5) in bank_holidays(2027)
    (False, True)
    """
    found = set()
    for holiday in FEDERAL_HOLIDAYS:
        if year >= holiday.since:
            day = holiday.on(year)
            found.add(day + timedelta(days=1) if day.weekday() == SUNDAY else day)
    return frozenset(day for day in found if day.weekday() != SATURDAY)


def is_banking_day(day: date) -> bool:
    """Whether banks settle on this day."""
    return day.weekday() not in (SATURDAY, SUNDAY) and day not in bank_holidays(day.year)


def banking_day(day: date, *, moves: str) -> date:
    """``day`` itself, or the nearest banking day ``after`` or ``before`` it. Raises ``ValueError`` for another move.

    >>> banking_day(date(2026, 7, 4), moves="after"), banking_day(date(2026, 7, 4), moves="before")
    (datetime.date(2026, 7, 6), datetime.date(2026, 7, 3))
    """
    if moves not in ("after", "before"):
        raise ValueError(f"a day moves after or before, not {moves!r}")
    step = timedelta(days=1 if moves == "after" else -1)
    while not is_banking_day(day):
        day += step
    return day


def add_banking_days(day: date, days: int) -> date:
    """The banking day ``days`` banking days after ``day``; before it where ``days`` is below zero.

    >>> add_banking_days(date(2026, 11, 25), 1), add_banking_days(date(2026, 11, 27), -1)
    (datetime.date(2026, 11, 27), datetime.date(2026, 11, 25))
    """
    step = timedelta(days=1 if days >= 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not is_banking_day(day):
            day += step
    return day


def banking_days_between(start: date, end: date) -> int:
    """How many banking days come after ``start``, up to and with ``end``; 0 where ``end`` is not later.

    >>> banking_days_between(date(2026, 7, 2), date(2026, 7, 7))
    3
    """
    count = 0
    while start < end:
        start += timedelta(days=1)
        count += is_banking_day(start)
    return count
