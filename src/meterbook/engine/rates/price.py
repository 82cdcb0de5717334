"""The run's face: a frame of bills becomes a frame of lines, on integer columns.

>>> # lines = price(tariff, bills)   # see tests/engine/rates for frames of every schedule
"""

from __future__ import annotations

import polars as pl

from meterbook.engine.rates.fixed_point import Number
from meterbook.engine.rates.running import Running, Strip
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import OutOfRange
from meterbook.engine.rates.versions import slices as sliced

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


def _check(tariff: Tariff, frame: pl.DataFrame) -> None:
    for name, dtype in {"row": pl.Int64, "starts": pl.Date, "ends": pl.Date}.items():
        if name not in frame.columns or frame.schema[name] != dtype:
            found = frame.schema.get(name, "no column")
            raise OutOfRange(schedule=tariff.schedule, what=f"column {name} is {found}, expected {dtype}")
    if frame["row"].is_duplicated().any() or frame["row"].null_count():
        rows = frame["row"].filter(frame["row"].is_duplicated()).unique().to_list()
        raise OutOfRange(schedule=tariff.schedule, what="a row number stands twice or is null", rows=rows)


def _lines(strip: Strip, *, component: str, base: int) -> list[pl.Series]:
    """The lines of a strip, column by column as in `LINES`; ``base`` is where its component stands."""
    part, slices = strip.part, strip.slices
    frame, keep = slices.frame, part.keep
    columns = [slices.rows, frame["starts"], frame["ends"], part.quantity, strip.amount]
    row, starts, ends, quantity, amount = columns if keep is None else [column.filter(keep) for column in columns]
    height = row.len()

    def same(value: str | int, dtype: type[pl.DataType]) -> pl.Series:
        return pl.Series([value], dtype=dtype).new_from_index(0, height)

    def each(value: Number, dtype: type[pl.DataType]) -> pl.Series:
        if isinstance(value, int):
            return same(value, dtype)
        return (value if keep is None else value.filter(keep)).cast(dtype)

    return [
        row,
        each(strip.place + (base + part.sub * 100 + part.part), pl.Int32),
        same(component, pl.String),
        same(part.part, pl.Int32),
        same(slices.version.version, pl.String),
        starts,
        ends,
        quantity,
        each(part.price, pl.Int64),
        amount,
    ]


def price(tariff: Tariff, frame: pl.DataFrame) -> pl.DataFrame:
    """Price every bill of ``frame``; returns lines with the columns `LINES`, sorted by row and print order.

    ``frame`` has ``row`` Int64 (unique), ``starts`` and ``ends`` Date (half-open), and determinants as
    ``det.<name>``: Int64 millionths, or String for keys. Raises `MissingDeterminant`, `UnknownKey`, `OutOfRange` or
    `NotInForce`, naming the rows; a frame is priced whole or not at all.
    """
    _check(tariff, frame)
    found: list[list[pl.Series]] = []
    for one in sliced(tariff, frame):
        running = Running(one, one.version.reads_exact)
        for at, component in enumerate(one.version.components, start=1):
            base = one.index * 10_000_000 + at * 100_000
            found += [_lines(strip, component=component.id, base=base) for strip in running.add(component)]
    if not found:
        return pl.DataFrame(schema=LINES)
    columns = [pl.concat(column).alias(name) for name, column in zip(LINES, zip(*found, strict=True), strict=True)]
    return pl.DataFrame(columns).sort("row", "seq")
