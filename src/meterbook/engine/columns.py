"""Integer columns with their guards: the shape a calculation asks for, and a range nothing leaves unseen.

Polars integers wrap silently on overflow. A calculation therefore states the shape it needs, refuses any other
(floats and nulls above all), works in ``Int128`` where a product or a sum may grow, and narrows only what fits.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from polars.datatypes import DataType, DataTypeClass

#: Column name to the exact type asked for.
Shape = Mapping[str, DataType | DataTypeClass]

INT64_MAX = 2**63 - 1


class WrongColumns(ValueError):
    """A frame lacks a column, holds it in another type, or holds a null where a value is needed."""


class OutOfRange(ValueError):
    """A number is outside what the columns can hold or the rule allows; calculating on would be wrong."""


def shaped(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """The columns of ``shape``, in its order; nothing is cast, so nothing is truncated.

    Raises `WrongColumns` for a missing column, another type or a null.

    >>> shaped(pl.DataFrame({"amount": [5], "note": ["x"]}), {"amount": pl.Int64}).columns
    ['amount']
    >>> shaped(pl.DataFrame({"amount": [5.0]}), {"amount": pl.Int64})
    Traceback (most recent call last):
    ...
    meterbook.engine.columns.WrongColumns: amount is Float64, not Int64
    """
    for name, wanted in shape.items():
        found = frame.schema.get(name)
        if found is None:
            raise WrongColumns(f"{name} is missing")
        if found != wanted:
            raise WrongColumns(f"{name} is {found}, not {wanted}")
        if frame[name].has_nulls():
            raise WrongColumns(f"{name} has no value in {frame[name].null_count()} rows")
    return frame.select(list(shape))


def narrowed(wide: pl.Series) -> pl.Series:
    """An ``Int128`` column as ``Int64``; raise `OutOfRange` if a value does not fit. Nulls stay.

    >>> narrowed(pl.Series("cents", [2**63], dtype=pl.Int128))
    Traceback (most recent call last):
    ...
    meterbook.engine.columns.OutOfRange: cents reaches 9223372036854775808, beyond 64 bits
    """
    for extreme in (wide.max(), wide.min()):
        if isinstance(extreme, int) and not -INT64_MAX <= extreme <= INT64_MAX:
            raise OutOfRange(f"{wide.name} reaches {extreme}, beyond 64 bits")
    return wide.cast(pl.Int64)
