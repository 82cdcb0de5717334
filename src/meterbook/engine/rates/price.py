"""The run's face: a frame of bills becomes a frame of lines, on integer columns.

>>> # lines = price(tariff, bills)   # see tests/engine/rates for frames of every schedule
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

import polars as pl

from meterbook.engine.rates import components
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import OutOfRange
from meterbook.engine.rates.versions import Part, Slices, slices

#: Columns of the lines: quantity in millionths, price in hundred-millionths of a dollar, amount in cents.
LINES = {
    "row": pl.Int64,
    "seq": pl.Int32,
    "component": pl.String,
    "part": pl.Int32,
    "version": pl.String,
    "starts": pl.Date,
    "ends": pl.Date,
    "quantity": pl.Int64,
    "price": pl.Int64,
    "amount": pl.Int64,
}


class _PriceModule(Protocol):
    def charge(
        self, settings: Any, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
    ) -> list[Part]: ...


def _check(tariff: Tariff, frame: pl.DataFrame) -> None:
    for name, dtype in {"row": pl.Int64, "starts": pl.Date, "ends": pl.Date}.items():
        if name not in frame.columns or frame.schema[name] != dtype:
            found = frame.schema.get(name, "no column")
            raise OutOfRange(schedule=tariff.schedule, what=f"column {name} is {found}, expected {dtype}")
    if frame["row"].is_duplicated().any() or frame["row"].null_count():
        rows = frame["row"].filter(frame["row"].is_duplicated()).unique().to_list()
        raise OutOfRange(schedule=tariff.schedule, what="a row number stands twice or is null", rows=rows)


def _lines(part: Part, *, slices: Slices, component: str, seq: int) -> list[pl.Series]:
    """The part's lines, column by column as in `LINES`."""
    frame, keep = slices.frame, part.keep
    starts = frame["starts"] if part.starts is None else part.starts
    ends = frame["ends"] if part.ends is None else part.ends
    columns = [slices.rows, starts, ends, part.quantity, part.amount]
    row, starts, ends, quantity, amount = columns if keep is None else [column.filter(keep) for column in columns]
    height = row.len()

    def same(value: str | int, dtype: type[pl.DataType]) -> pl.Series:
        return pl.Series([value], dtype=dtype).new_from_index(0, height)

    price = part.price
    if isinstance(price, int):
        price = same(price, pl.Int64)
    elif keep is not None:
        price = price.filter(keep)
    return [
        row,
        same(seq + part.sub * 100 + part.part, pl.Int32),
        same(component, pl.String),
        same(part.part, pl.Int32),
        same(slices.version.version, pl.String),
        starts,
        ends,
        quantity,
        price,
        amount,
    ]


def _total(parts: list[Part], height: int) -> pl.Series:
    """Cents of one component in each slice."""
    total = pl.Series([0], dtype=pl.Int64).new_from_index(0, height)
    for part in parts:
        total = total + (part.amount if part.keep is None else part.amount * part.keep.cast(pl.Int64))
    return total


def price(tariff: Tariff, frame: pl.DataFrame) -> pl.DataFrame:
    """Price every bill of ``frame``; returns lines with the columns `LINES`, sorted by row and print order.

    ``frame`` has ``row`` Int64 (unique), ``starts`` and ``ends`` Date (half-open), and determinants as
    ``det.<name>``: Int64 millionths, or String for keys. Raises `MissingDeterminant`, `UnknownKey`, `OutOfRange` or
    `NotInForce`, naming the rows; a frame is priced whole or not at all.
    """
    _check(tariff, frame)
    found: list[list[pl.Series]] = []
    for one in slices(tariff, frame):
        charged: dict[str, pl.Series] = {}
        for at, component in enumerate(one.version.components, start=1):
            face = cast("_PriceModule", components.module(component.keyword, "price"))
            parts = face.charge(component.settings, one, component=component.id, charged=charged)
            charged[component.id] = _total(parts, one.frame.height)
            seq = one.index * 10_000_000 + at * 100_000
            found.extend(_lines(part, slices=one, component=component.id, seq=seq) for part in parts)
    if not found:
        return pl.DataFrame(schema=LINES)
    columns = [pl.concat(column).alias(name) for name, column in zip(LINES, zip(*found, strict=True), strict=True)]
    return pl.DataFrame(columns).sort("row", "seq")
