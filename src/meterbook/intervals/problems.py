"""What the store refuses, and how quantities leave it without ever wrapping."""

from __future__ import annotations

from typing import cast

import polars as pl

#: Answers are millionths of the channel's unit.
SCALE = 10**6
#: Largest size of one interval's value, in units of its channel's resolution: sums stay far inside 64 bits.
VALUE_LIMIT = 10**12
#: Minutes of a day; intervals divide it.
DAY = 24 * 60


class StoreProblem(ValueError):
    """What was asked of the store, or given to it, cannot be; the sentence says what was found and expected."""


def millionths(values: pl.Series, per_unit: pl.Series) -> pl.Series:
    """Whole ``values`` of 1/``per_unit`` of a unit as millionths of the unit, exact (``per_unit`` divides a million).

    Raises `StoreProblem` where 64 bits cannot hold one.
    """
    wide = values.cast(pl.Int128) * (SCALE // per_unit.cast(pl.Int64)).cast(pl.Int128)
    highest, lowest = cast("int", wide.max() or 0), cast("int", wide.min() or 0)
    if max(highest, -lowest) >= 2**63:
        raise StoreProblem("a sum of intervals is larger than 64 bits hold in millionths; expected smaller values")
    return wide.cast(pl.Int64).alias(values.name)


def check_per_unit(per_unit: pl.Series) -> None:
    """``per_unit`` must divide a million, so that millionths are exact."""
    values = per_unit.cast(pl.Int64)
    wrong = values.is_null() | (values < 1) | (values > SCALE)
    if wrong.any() or (SCALE % values != 0).any():
        raise StoreProblem("a channel has a resolution that does not divide a million; expected 1, 10, 1000, …")


def check_minutes(minutes: pl.Series) -> None:
    """Intervals must divide a day."""
    values = minutes.cast(pl.Int64)
    wrong = values.is_null() | (values < 1) | (values > DAY)
    if wrong.any() or (DAY % values != 0).any():
        raise StoreProblem("intervals have minutes that do not divide a day; expected 5, 15, 30, 60, …")


def require(frame: pl.DataFrame, columns: dict[str, pl.DataType | type[pl.DataType]], what: str) -> pl.DataFrame:
    """The frame with exactly these columns of these types, in this order.

    Raises `StoreProblem` if one is missing or cannot be what it must be.
    """
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise StoreProblem(f"{what}: the column {missing[0]} is missing; expected {', '.join(columns)}")
    try:
        return frame.select(pl.col(name).cast(kind) for name, kind in columns.items())
    except pl.exceptions.InvalidOperationError as found:
        raise StoreProblem(f"{what}: a column cannot be read as {columns}: {found}") from found
