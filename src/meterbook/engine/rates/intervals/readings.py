"""Interval readings as a checked frame: which bill each interval belongs to, when it lies, and what flowed.

Starts are either *naive local standard time* (no daylight saving; the clock on the wall is the standard one) or
*instants* (a Polars ``Datetime`` with a time zone), which are placed by that zone's wall clock: a day of 23 or 25
hours has as many intervals as it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import cast

import polars as pl

from meterbook.engine.rates.language.calendars import ALL, Calendar

#: Whole units of one kWh in which readings are kept unless said otherwise: millionths.
KWH_SCALE = 10**6
#: Longest interval, in minutes.
LONGEST = 24 * 60
#: Largest reading of one interval, in kWh; sums of a bill then stay far inside 64 bits at billionths.
READING_LIMIT = 10**6


class IntervalProblem(ValueError):
    """Interval readings are not what a bill can be computed from; the sentence says where and what was expected."""


@dataclass(frozen=True)
class Readings:
    """Checked readings, in order of group and time.

    ``frame`` has ``group`` (Int64, the caller's number of the bill), ``start`` (Datetime as given), ``standard`` and
    ``local`` (naive Datetime: without and with daylight saving), ``import`` and ``export`` (Int64, in units of
    1/``scale`` kWh, from 0), and after `placed` also ``period``. Every interval is ``minutes`` long.
    """

    frame: pl.DataFrame
    minutes: int
    scale: int = KWH_SCALE

    def placed(self, calendar: Calendar | None) -> Readings:
        """The same with the column ``period``: the calendar's period by the wall clock; without a calendar ``all``.

        An interval that runs into another period is refused: the calendar's hours must fall on the interval's step.
        """
        if calendar is None:
            return replace(self, frame=self.frame.with_columns(period=pl.lit(ALL)))
        _check_steps(calendar, self.minutes)
        local = self.frame["local"]
        dates = local.dt.date()
        distinct = dates.unique()
        profiles = [calendar.profile_of(day) for day in distinct.to_list()]
        slots = LONGEST // self.minutes if LONGEST % self.minutes == 0 else LONGEST
        table = [name for profile in calendar.profiles for name in _slots(calendar, profile.starts, profile.periods,
                                                                          LONGEST // slots)]  # fmt: skip
        profile = dates.replace_strict(distinct, pl.Series(profiles, dtype=pl.Int32), return_dtype=pl.Int32)
        minute = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute().cast(pl.Int32)
        period = pl.Series("period", table, dtype=pl.String).gather(profile * slots + minute // (LONGEST // slots))
        return replace(self, frame=self.frame.with_columns(period.alias("period")))


def _slots(calendar: Calendar, starts: Sequence[int], periods: Sequence[int], minutes: int) -> list[str]:
    """The period of every slot of a day."""
    ends = [*starts[1:], LONGEST]
    found: list[str] = []
    for begins, ends_at, period in zip(starts, ends, periods, strict=True):
        found += [calendar.periods[period]] * ((ends_at - begins) // minutes)
    return found


def _check_steps(calendar: Calendar, minutes: int) -> None:
    for profile in calendar.profiles:
        for start in profile.starts:
            if start % minutes:
                clock = f"{start // 60:02}:{start % 60:02}"
                raise IntervalProblem(f"a period of use begins at {clock}, inside an interval of {minutes} minutes; "
                                      f"expected readings of a step that divides it")  # fmt: skip


def local_clock(start: pl.Series) -> pl.Series:
    """The wall clock (naive Datetime) of starts of either sort."""
    return start if _zone(start) is None else start.dt.replace_time_zone(None)


def _zone(start: pl.Series) -> str | None:
    if not isinstance(start.dtype, pl.Datetime):
        raise IntervalProblem(f"the column start is {start.dtype}, expected Datetime")
    return start.dtype.time_zone


def _standard(start: pl.Series) -> pl.Series:
    """The clock without daylight saving: every step of it is one step of time."""
    zone = _zone(start)
    if zone is None:
        return start
    return start.dt.convert_time_zone("UTC").dt.replace_time_zone(None) + start.dt.base_utc_offset()


def by_month(start: pl.Series) -> pl.Series:
    """Groups of calendar months by the wall clock: Int64 ``year * 100 + month``, such as 202607."""
    local = local_clock(start)
    months: pl.Series = local.dt.year().cast(pl.Int64) * 100 + local.dt.month().cast(pl.Int64)
    return months.alias("group")


def by_period(start: pl.Series, periods: Sequence[tuple[int, date, date]]) -> pl.Series:
    """Groups of billing periods (group, first day, day after), which do not overlap; null outside of all."""
    ordered = sorted(periods, key=lambda one: one[1])
    for earlier, later in pairwise(ordered):
        if later[1] < earlier[2]:
            raise IntervalProblem(f"the periods from {earlier[1]} and {later[1]} overlap")
    table = pl.DataFrame(ordered, schema={"group": pl.Int64, "day": pl.Date, "after": pl.Date}, orient="row")
    days = pl.DataFrame({"day": local_clock(start).dt.date(), "place": pl.int_range(start.len(), eager=True)})
    joined = days.sort("day").join_asof(table.sort("day"), on="day").sort("place")
    inside = joined["day"] < joined["after"]
    found: pl.Series = joined["group"].zip_with(inside.fill_null(False), pl.Series([None], dtype=pl.Int64))
    return found.alias("group")


def readings(frame: pl.DataFrame, *, minutes: int, scale: int = KWH_SCALE) -> Readings:
    """Check a frame with ``group``, ``start``, ``import`` and ``export`` (null ``export``, or no such column: none).

    Rows without a group are left out. Raises `IntervalProblem` for a missing or doubled interval inside a group, a
    step that is not ``minutes`` (a divisor of a day), a start off the step, a negative or missing reading. Groups
    need not touch.
    """
    if minutes < 1 or LONGEST % minutes:
        raise IntervalProblem(f"intervals of {minutes} minutes; expected a step that divides a day")
    if "export" not in frame.columns:
        frame = frame.with_columns(export=pl.lit(0, dtype=pl.Int64))
    frame = frame.filter(pl.col("group").is_not_null())
    frame = frame.with_columns(
        pl.col("group").cast(pl.Int64),
        pl.col("export").fill_null(0),
        local_clock(frame["start"]).alias("local"),
        _standard(frame["start"]).alias("standard"),
    ).sort("group", "standard")
    _check_amounts(frame, scale)
    _check_times(frame, minutes)
    return Readings(frame, minutes, scale)


def _check_amounts(frame: pl.DataFrame, scale: int) -> None:
    for flow in ("import", "export"):
        amounts = frame[flow]
        if amounts.dtype != pl.Int64:
            raise IntervalProblem(f"the column {flow} is {amounts.dtype}, expected Int64 units of 1/{scale} kWh")
        wrong = amounts.is_null() | (amounts < 0) | (amounts > READING_LIMIT * scale)
        if wrong.fill_null(True).any():
            at = frame["local"].filter(wrong.fill_null(True))[0]
            raise IntervalProblem(f"{flow} of the interval at {at:%Y-%m-%d %H:%M} is missing, negative or above "
                                  f"{READING_LIMIT} kWh; expected what flowed, 0 for nothing")  # fmt: skip


def _check_times(frame: pl.DataFrame, minutes: int) -> None:
    standard = frame["standard"]
    if standard.null_count():
        raise IntervalProblem("an interval has no start; expected a time for each")
    off = (standard.dt.hour().cast(pl.Int64) * 60 + standard.dt.minute().cast(pl.Int64)) % minutes != 0
    off = off | (standard.dt.second() != 0)
    if off.any():
        raise IntervalProblem(f"an interval starts at {standard.filter(off)[0]:%Y-%m-%d %H:%M:%S}; expected a start "
                              f"every {minutes} minutes from midnight")  # fmt: skip
    gaps = frame.select(
        gap=pl.col("standard").diff().over("group").dt.total_minutes(), at=pl.col("local"), group=pl.col("group")
    ).filter(pl.col("gap") != minutes)
    if gaps.height:
        gap, at, group = cast("tuple[int, object, int]", gaps.row(0))
        what = "stands twice" if gap == 0 else f"comes {gap} minutes after the one before"
        raise IntervalProblem(f"the interval at {at:%Y-%m-%d %H:%M} (group {group}) {what}; expected every interval of "
                              f"{minutes} minutes once")  # fmt: skip
