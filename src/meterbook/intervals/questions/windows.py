"""The moments of a span laid out once: each interval's period of use, and the windows that demand is averaged over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from meterbook.engine.rates.intervals.demand import Window
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings
from meterbook.engine.rates.language.calendars import ALL, Calendar
from meterbook.intervals.clock import grid
from meterbook.intervals.problems import DAY, VALUE_LIMIT, StoreProblem


@dataclass(frozen=True)
class Moments:
    """Intervals of ``minutes`` from ``since`` until before ``until`` (local days), numbered by ``slot`` in time.

    ``frame``: ``slot`` (Int32), ``starts``, ``day``, ``period`` (Int16, a place in ``periods``); ``window``: the slot
    its window begins with (the block it lies in, or the sliding window that ends with it; null where the span cuts
    it), that window's ``rank`` (Int32, by the wall clock, then in time) and whether all of it lies in one period
    (``alike``).
    """

    frame: pl.DataFrame
    periods: tuple[str, ...]
    size: int
    sliding: bool

    def slot_of(self, day: date) -> int:
        """The first interval of a local day, or of the next that has one."""
        return int((self.frame["day"] < day).sum())

    @property
    def windows(self) -> pl.DataFrame:
        """Every whole window once: the slot it begins with (``window``), ``starts`` and ``rank``."""
        begins = self.frame.select("starts", window="slot")
        found = self.frame.filter(pl.col("window").is_not_null()).select("window", "rank").unique()
        return found.join(begins, on="window").sort("window")

    def expected(self, starts: date, ends: date) -> dict[str, int]:
        """How many intervals begin on the days, by period and in ``all``."""
        mine = self.frame.slice(self.slot_of(starts), self.slot_of(ends) - self.slot_of(starts))
        counts = dict.fromkeys(self.periods, 0)
        for period, count in mine.group_by("period").len().iter_rows():
            counts[self.periods[period]] += count
        return counts | {ALL: mine.height}


def moments(
    zone: str, since: date, until: date, minutes: int, window: Window, calendar: Calendar | None = None
) -> Moments:
    """Lay out a span. Raises `StoreProblem` for windows that intervals do not make up, or hours inside an interval."""
    length = window.minutes or minutes
    if length % minutes or (not window.sliding and DAY % length):
        raise StoreProblem(f"demand is averaged over {length} minutes, which intervals of {minutes} minutes do not "
                           "make up")  # fmt: skip
    size = length // minutes
    plain = grid(zone, since, until, minutes)
    if VALUE_LIMIT * size * max(plain.height, 1) >= 2**62:
        raise StoreProblem(f"{plain.height} intervals at once; expected a shorter span of days")
    try:
        placed = Readings(plain, minutes).placed(calendar).frame
    except IntervalProblem as found:
        raise StoreProblem(str(found)) from found
    names = (ALL,) if calendar is None else calendar.periods
    frame = placed.with_columns(
        slot=pl.int_range(pl.len(), dtype=pl.Int32),
        period=pl.col("period").replace_strict(list(names), list(range(len(names))), return_dtype=pl.Int16),
        cut=pl.col("standard").dt.truncate(f"{length}m"),
    )
    if window.sliding or size == 1:
        begins = pl.when(pl.col("slot") >= size - 1).then(pl.col("slot") - (size - 1))
    else:
        begins = pl.when(pl.len().over("cut") == size).then(pl.col("slot").min().over("cut"))
    frame = frame.with_columns(
        begins.alias("window"), rank=pl.struct("local", "slot").rank("ordinal").cast(pl.Int32) - 1
    )
    later = [pl.col("period").shift(-step) for step in range(1, size)]
    alike = pl.all_horizontal(*(one == pl.col("period") for one in later)) if later else pl.lit(value=True)
    windows = frame.select(alike.fill_null(value=False).alias("alike"), "rank", window="slot")
    laid = frame.drop("rank").join(windows, on="window", how="left", maintain_order="left")
    return Moments(
        laid.select("slot", "starts", "day", "period", "window", "rank", "alike"), names, size, window.sliding
    )
