"""The utility's clock: where local days begin, how many intervals each has, and how instants become local days in SQL.

Computed here for the few distinct moments of a span, so that the database of intervals never reckons with time zones.
Intervals step on the zone's standard clock (without daylight saving): days of 23, 23½, 24½ or 25 hours have as many as
really begin in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import gcd
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from meterbook.intervals.problems import DAY, StoreProblem

MINUTE_US = 60 * 10**6
DAY_US = DAY * MINUTE_US
#: Zones change their clocks on a quarter of an hour.
_QUARTER = 15


@dataclass(frozen=True, slots=True)
class Stretch:
    """From this instant on the wall clock is ``wall`` and the standard clock ``standard`` microseconds before UTC's."""

    since: datetime
    wall: int
    standard: int


def check_zone(zone: str) -> None:
    """Raise `StoreProblem` for a time zone that is not known."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as found:
        raise StoreProblem(f"the time zone {zone!r} is not known; expected one such as America/Los_Angeles") from found


def _moments(zone: str, since: date, until: date, step: int) -> pl.DataFrame:
    """``starts`` (UTC), ``local`` and ``standard`` (naive) of every ``step`` minutes, a day and more to either side."""
    check_zone(zone)
    # dates as far as clocks differ from UTC: at most 14 hours
    begins = datetime(since.year, since.month, since.day, tzinfo=UTC) - timedelta(days=1)
    ends = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)
    starts = pl.datetime_range(begins, ends, f"{step}m", closed="left", time_unit="us", eager=True).alias("starts")
    here = starts.dt.convert_time_zone(zone)
    plain = starts.dt.replace_time_zone(None)
    return pl.DataFrame(
        [
            starts,
            here.dt.replace_time_zone(None).alias("local"),
            (plain + here.dt.base_utc_offset()).alias("standard"),
        ]
    )


@lru_cache(maxsize=64)
def grid(zone: str, since: date, until: date, minutes: int) -> pl.DataFrame:
    """Every interval of ``minutes`` that begins on the local days from ``since`` until before ``until``.

    ``starts`` (UTC), ``local`` and ``standard`` (naive clocks), ``day`` (local date), in order of time.
    """
    frame = _moments(zone, since, until, gcd(minutes, _QUARTER))
    frame = frame.with_columns(day=pl.col("local").dt.date())
    of_day = pl.col("standard").dt.hour().cast(pl.Int32) * 60 + pl.col("standard").dt.minute().cast(pl.Int32)
    return frame.filter((of_day % minutes == 0) & (pl.col("day") >= since) & (pl.col("day") < until))


def expected(zone: str, since: date, until: date, minutes: int) -> pl.DataFrame:
    """``day``, ``expected`` (Int32): how many intervals of ``minutes`` each local day has."""
    counts = grid(zone, since, until, minutes).group_by("day").agg(expected=pl.len().cast(pl.Int32))
    days = pl.date_range(since, until, "1d", closed="left", eager=True).alias("day")
    return days.to_frame().join(counts, on="day", how="left").with_columns(pl.col("expected").fill_null(0)).sort("day")


@lru_cache(maxsize=64)
def _day_starts(zone: str, since: date, until: date) -> dict[date, datetime]:
    frame = _moments(zone, since, until + timedelta(days=1), _QUARTER)
    frame = frame.group_by(pl.col("local").dt.date().alias("day")).agg(pl.col("starts").min()).sort("day")
    return dict(frame.iter_rows())


def day_start(zone: str, day: date) -> datetime:
    """The instant (UTC) a local day begins."""
    return _day_starts(zone, date(day.year, 1, 1), date(day.year + 1, 1, 1))[day]


@lru_cache(maxsize=64)
def stretches(zone: str, since: date, until: date) -> tuple[Stretch, ...]:
    """How the zone's clocks stand from ``since`` until before ``until``, one stretch from change to change."""
    frame = _moments(zone, since - timedelta(days=1), until + timedelta(days=1), _QUARTER).select(
        "starts",
        wall=(pl.col("local") - pl.col("starts").dt.replace_time_zone(None)).dt.total_microseconds(),
        standard=(pl.col("standard") - pl.col("starts").dt.replace_time_zone(None)).dt.total_microseconds(),
    )
    changes = frame.filter(
        (pl.col("wall") != pl.col("wall").shift()) | (pl.col("standard") != pl.col("standard").shift())
        | (pl.int_range(pl.len()) == 0)
    )  # fmt: skip
    return tuple(Stretch(*row) for row in changes.select("starts", "wall", "standard").iter_rows())


def clock_sql(column: str, clocks: tuple[Stretch, ...], which: str) -> str:
    """Microseconds since 1970 on the ``wall`` or ``standard`` clock, of a column of instants, as SQL."""
    shifts = [getattr(one, which) for one in clocks]
    cases = "".join(
        f"WHEN {column} < TIMESTAMPTZ '{later.since.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00' THEN {shift} "
        for shift, later in zip(shifts, clocks[1:], strict=False)
    )
    shift = f"CASE {cases}ELSE {shifts[-1]} END" if cases and len(set(shifts)) > 1 else str(shifts[-1])
    return f"(epoch_us({column}) + ({shift}))"


def starts_between(zone: str, minutes: int, since: pl.Series, until: pl.Series) -> pl.Series:
    """How many intervals of ``minutes`` begin from ``since`` until before ``until`` (instants, row by row; Int64)."""
    check_zone(zone)
    base = since.dt.convert_time_zone(zone).dt.base_utc_offset().dt.total_microseconds()
    step = minutes * MINUTE_US
    first = (since.dt.epoch("us") + base + step - 1) // step
    after = (until.dt.epoch("us") + base + step - 1) // step
    return (after - first).clip(lower_bound=0)
