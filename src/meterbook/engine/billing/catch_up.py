"""Catch-up: usage read once for several periods is spread over them before tiers, and nothing is lost on the way.

The days of a bill to be are cut at its scheduled period boundaries. Where a read was taken at a boundary it divides
the usage; where none was, usage is shared by days: what falls before a day is rounded half-up to the millionth, and a
period gets the difference between its two ends, so that the periods always add up to what was read.
`engine.billing.verify` proves every share again from the sealed piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True, slots=True)
class Boundary:
    """The end of a scheduled period: ``day`` is its read date, read from ``opens`` to ``closes`` (both in)."""

    opens: date
    closes: date
    day: date


def periods(starts: date, ends: date, boundaries: Sequence[Boundary], reads: Sequence[date] = ()) -> list[date]:
    """The first days of the periods that ``starts`` to ``ends`` (out) are made of, in order; ``starts`` is the first.

    A boundary counts if its whole read window went by unbilled: days before it and days after it are among these. It
    stands on the last day of ``reads`` in its window, or else on its scheduled day.

    >>> window = Boundary(date(2024, 10, 3), date(2024, 10, 9), date(2024, 10, 5))
    >>> periods(date(2024, 9, 5), date(2024, 11, 5), [window])
    [datetime.date(2024, 9, 5), datetime.date(2024, 10, 5)]
    >>> periods(date(2024, 9, 5), date(2024, 11, 5), [window], [date(2024, 10, 7)])
    [datetime.date(2024, 9, 5), datetime.date(2024, 10, 7)]
    >>> periods(date(2024, 10, 4), date(2024, 11, 5), [window])
    [datetime.date(2024, 10, 4)]
    """
    found = {starts}
    for one in boundaries:
        if starts < one.opens and one.closes < ends:
            taken = [day for day in reads if one.opens <= day <= one.closes]
            found.add(max(taken, default=one.day))
    return sorted(day for day in found if starts <= day < ends)


def share(quantity: str, *, first: str, after: str, starts: str, ends: str) -> pl.Expr:
    """What of ``quantity`` (millionths), used from ``first`` to ``after`` (out), the days ``starts`` to ``ends`` carry.

    All are names of columns. The days lie within; what falls before a day is rounded half-up.
    """
    return _before(quantity, first, after, ends) - _before(quantity, first, after, starts)


def _before(quantity: str, first: str, after: str, day: str) -> pl.Expr:
    """What falls before a day, in 128 bits on the way."""
    passed = (pl.col(day) - pl.col(first)).dt.total_days().cast(pl.Int128)
    days = (pl.col(after) - pl.col(first)).dt.total_days().cast(pl.Int128)
    return ((pl.col(quantity).cast(pl.Int128) * passed * 2 + days) // (days * 2)).cast(pl.Int64)
