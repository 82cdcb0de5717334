"""Interval readings as a checked frame: which bill each interval belongs to, when it lies, and what flowed.

Starts are either *naive local standard time* (no daylight saving; the clock on the wall is the standard one) or
*instants* (a Polars ``Datetime`` with a time zone), which are placed by that zone's wall clock: a day of 23 or 25
hours has as many intervals as it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from meterbook.engine.rates.language.calendars import Calendar

#: Whole units of one kWh in which readings are kept unless said otherwise: millionths.
KWH_SCALE = 10**6


class IntervalProblem(ValueError):
    """Interval readings are not what a bill can be computed from; the sentence says where and what was expected."""


@dataclass(frozen=True)
class Readings:
    """Checked readings, in order of group and time.

    ``frame`` has ``group`` (Int64, the caller's number of the bill), ``start`` (Datetime as given), ``standard`` and
    ``local`` (naive Datetime: without and with daylight saving), ``import`` and ``export`` (Int64, in units of
    1/``scale`` kWh, from 0). Every interval is ``minutes`` long.
    """

    frame: pl.DataFrame
    minutes: int
    scale: int = KWH_SCALE

    def placed(self, calendar: Calendar | None) -> Readings:
        """The same with the column ``period``: the calendar's period by the wall clock; without a calendar ``all``."""
        raise NotImplementedError


def readings(frame: pl.DataFrame, *, minutes: int, scale: int = KWH_SCALE) -> Readings:
    """Check a frame with ``group``, ``start``, ``import`` and ``export`` (null ``export``, or no such column: none).

    Raises `IntervalProblem` for a missing or doubled interval, a step that is not ``minutes`` (a divisor of 60 or a
    multiple of 60 up to a day), a start off the step, a negative or missing reading. Gaps inside a group are refused;
    groups need not touch.
    """
    raise NotImplementedError


def by_month(start: pl.Series) -> pl.Series:
    """Groups of calendar months by the wall clock: Int64 ``year * 100 + month``, such as 202607."""
    raise NotImplementedError


def by_period(start: pl.Series, periods: Sequence[tuple[int, date, date]]) -> pl.Series:
    """Groups of billing periods (group, first day, day after), which do not overlap; null outside of all."""
    raise NotImplementedError


def local_clock(start: pl.Series) -> pl.Series:
    """The wall clock (naive Datetime) of starts of either sort."""
    raise NotImplementedError


def moment(value: datetime) -> datetime:
    """A moment without its zone, as the wall clock shows it."""
    return value.replace(tzinfo=None)
