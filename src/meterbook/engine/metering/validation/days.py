"""Days on which the clocks change: 23 or 25 hours, and meters that count 24."""

from __future__ import annotations

import polars as pl

_DAY = 24 * 60


def changed_clock_unnoticed() -> pl.Expr:
    """Whether the day has 23 or 25 hours, and what is missing or came twice is the hour the clocks changed by.

    A day of 25 hours with 24 hours' intervals, one of 23 with an hour twice or a whole day's count, one that
    lacks exactly an hour.
    """
    usual, hour = _DAY // pl.col("minutes"), 60 // pl.col("minutes")
    came = pl.col("found") + pl.col("duplicated")
    lacking = pl.col("expected") - pl.col("found")
    whole_day = (pl.col("found") == usual) | (came == usual)
    return (pl.col("expected") != usual) & (whole_day | (lacking == hour) | (pl.col("duplicated") == hour))
