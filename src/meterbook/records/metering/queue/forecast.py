"""When the queue will be cleared at the pace of the last business days: whole numbers and exact fractions only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

#: Farther away than this nobody plans; it is said as "not at this pace".
_FARTHEST = 260


@dataclass(frozen=True, slots=True)
class Forecast:
    """``pace`` items cleared and ``inflow`` items raised a business day; ``cleared_on`` None: not at this pace."""

    open: int
    days: int
    pace: Fraction
    inflow: Fraction
    cleared_on: date | None


def forecast(
    *, open_items: int, decided: Sequence[int], raised: Sequence[int], today: date, works: Callable[[date], bool]
) -> Forecast:
    """The business day on which the queue would be empty.

    ``decided`` and ``raised`` are the items of each of the last business days, the newest last. Each day the queue
    loses what was decided and gains what was raised, on average; it is never cleared where it does not shrink.

    >>> said = forecast(open_items=10, decided=[6, 4], raised=[1, 1], today=date(2026, 11, 20),
    ...     works=lambda day: day.weekday() < 5)
    >>> said.pace, said.cleared_on
    (Fraction(5, 1), datetime.date(2026, 11, 25))
    """
    days = len(decided)
    pace = Fraction(sum(decided), days) if days else Fraction(0)
    inflow = Fraction(sum(raised), days) if days else Fraction(0)
    net = pace - inflow
    if not open_items:
        return Forecast(open_items, days, pace, inflow, today)
    needed = -(-open_items // net) if net > 0 else _FARTHEST + 1
    if needed > _FARTHEST:
        return Forecast(open_items, days, pace, inflow, None)
    day = today
    while needed:
        day += timedelta(days=1)
        needed -= works(day)
    return Forecast(open_items, days, pace, inflow, day)


def business_days(today: date, count: int, works: Callable[[date], bool]) -> list[date]:
    """The last ``count`` business days up to and with ``today``, the oldest first."""
    found: list[date] = []
    day = today
    while len(found) < count:
        if works(day):
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]
