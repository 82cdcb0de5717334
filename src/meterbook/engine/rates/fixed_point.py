"""Exact arithmetic on columns: integers in fixed point, 128 bits wide, guarded before anything could wrap.

Quantities are millionths of their unit, prices hundred-millionths of a dollar, amounts cents. Polars integers wrap
silently and its Decimal rounds early, so every column is checked against a limit when it enters, and the limits are
chosen so that no product of a quantity, a count, a price and days can leave 128 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import prod
from typing import cast

import polars as pl

from meterbook.engine.money import PRICE_SCALE
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates.terms import CENTS_LIMIT, OutOfRange

#: Millionths times hundred-millionths of a dollar make a cent this often.
CENT = QUANTITY_SCALE * PRICE_SCALE // 100

Number = pl.Series | int


@dataclass(frozen=True, slots=True)
class Exact:
    """Amounts as exact fractions: ``over`` ÷ ``under`` cents, not rounded. ``under`` is positive."""

    over: pl.Series
    under: Number


@lru_cache(maxsize=4096)
def _one(value: int) -> pl.Series:
    return pl.Series([value], dtype=pl.Int128)


def wide(value: Number) -> pl.Series:
    """A column, or one number for all rows, as 128-bit integers."""
    return _one(value) if isinstance(value, int) else value.cast(pl.Int128)


def times(first: Number, *factors: Number) -> pl.Series:
    """The exact product; factors of 1 cost nothing. A product of numbers alone is one row long."""
    found = wide(first)
    for factor in factors:
        if not isinstance(factor, int) or factor != 1:
            found = found * wide(factor)
    return found


def product(*factors: Number) -> pl.Series:
    """The exact product: in 64 bits where the columns are, and nothing can be larger than they hold; else in 128."""
    columns = [factor for factor in factors if not isinstance(factor, int)]
    number = prod(factor for factor in factors if isinstance(factor, int))
    slim = bool(columns) and all(column.dtype == pl.Int64 for column in columns)
    if not slim or max(abs(number), 1) * prod(max(largest(column), 1) for column in columns) >= 2**62:
        return times(number, *columns)
    found = columns[0] if number == 1 else columns[0] * number
    for column in columns[1:]:
        found = found * column
    return found


def largest(value: pl.Series) -> int:
    """The largest size of any value of a column."""
    return max(abs(cast("int", value.max() or 0)), abs(cast("int", value.min() or 0)))


def half_up(numerator: pl.Series, denominator: Number) -> pl.Series:
    """The quotient rounded to a whole number, ties away from zero. ``denominator`` is positive.

    >>> half_up(pl.Series([25, -25, 24], dtype=pl.Int128), 10).to_list()
    [3, -3, 2]
    """
    if isinstance(denominator, int) and denominator == 1:
        return numerator
    if isinstance(denominator, int) and numerator.len() == 1 and numerator.null_count() == 0:
        size, sign = abs(numerator.item()), -1 if numerator.item() < 0 else 1
        return wide(sign * ((size * 2 + denominator) // (denominator * 2)))
    positive = (numerator.min() or 0) >= 0  # type: ignore[operator]
    size = numerator if positive else numerator.abs()
    if isinstance(denominator, int) and denominator % 2 == 0:
        half = denominator // 2
        if cast("int", size.max() or 0) + denominator < 2**63:  # dividing 128 bits takes several times as long
            rounded = size.to_frame("size").select((pl.col("size").cast(pl.Int64) + half) // denominator).to_series()
        else:
            rounded = (size + wide(half)) // wide(denominator)
    elif not isinstance(denominator, int) and _is_slim(size, denominator):
        rounded = (size.cast(pl.Int64) * 2 + denominator) // (denominator * 2)
    else:
        below = wide(denominator)
        rounded = (size * wide(2) + below) // (below * wide(2))
    if positive:
        return rounded
    return rounded * numerator.sign()


def _is_slim(size: pl.Series, below: pl.Series) -> bool:
    """Whether positive columns can be halved and divided in 64 bits."""
    return below.dtype == pl.Int64 and largest(size) * 2 + largest(below) * 2 < 2**63


def price_units(price: Decimal) -> int:
    """A price in dollars as hundred-millionths; the document admits no finer one."""
    return int(price.scaleb(8))


def quantity_units(quantity: Decimal) -> int:
    """A quantity as millionths; the document admits no finer one."""
    return int(quantity.scaleb(6))


def narrow(value: pl.Series, *, rows: pl.Series, schedule: str, what: str, limit: int) -> pl.Series:
    """Back to 64 bits; raise `OutOfRange` naming the rows beyond ``limit``."""
    highest, lowest = value.max(), value.min()
    if highest is not None and (highest > limit or lowest < -limit):  # type: ignore[operator]
        beyond = (value > wide(limit)) | (value < wide(-limit))
        beyond = beyond if beyond.len() == rows.len() else beyond.new_from_index(0, rows.len())
        raise OutOfRange(schedule=schedule, what=what, rows=rows.filter(beyond).to_list())
    return value.cast(pl.Int64)


def cents(value: pl.Series, *, rows: pl.Series, schedule: str, component: str) -> pl.Series:
    """Amounts as 64-bit cents; raise `OutOfRange` beyond the limit of one line."""
    what = f"component {component} comes to more than {CENTS_LIMIT // 100} dollars"
    return narrow(value, rows=rows, schedule=schedule, what=what, limit=CENTS_LIMIT)
