"""The run's face: a frame of bills becomes a frame of lines, on integer columns.

>>> # lines = price(tariff, bills)   # see tests/engine/rates for frames of every schedule
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

import polars as pl

from meterbook.engine.rates.fixed_point import Number
from meterbook.engine.rates.running import Running, Strip, spread
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import OutOfRange
from meterbook.engine.rates.versions import Earlier, Slices
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


#: Bills laid out as lines at a time: their columns together stay small.
_AT_ONCE = 50_000


def _check(tariff: Tariff, frame: pl.DataFrame) -> None:
    for name, dtype in {"row": pl.Int64, "starts": pl.Date, "ends": pl.Date}.items():
        if name not in frame.columns or frame.schema[name] != dtype:
            found = frame.schema.get(name, "no column")
            raise OutOfRange(schedule=tariff.schedule, what=f"column {name} is {found}, expected {dtype}")
    if not _ascends(frame["row"]) and (frame["row"].null_count() or frame["row"].is_duplicated().any()):
        rows = frame["row"].filter(frame["row"].is_duplicated()).unique().to_list()
        raise OutOfRange(schedule=tariff.schedule, what="a row number stands twice or is null", rows=rows)


def _ascends(rows: pl.Series) -> bool:
    """Whether every number is above the one before."""
    if rows.null_count():
        return False
    return bool((rows.slice(1) > rows.slice(0, max(rows.len() - 1, 0))).all())


@dataclass(frozen=True, slots=True)
class _Column:
    """The lines of one strip, a row for each slice of the version; ``keep`` marks those that are printed (or all).

    ``starts`` and ``ends`` are `None` where they are the slices' own.
    """

    component: str
    part: int
    seq: Number
    price: Number
    quantity: pl.Series
    amount: pl.Series
    keep: pl.Series | None
    starts: pl.Series | None
    ends: pl.Series | None

    def taken(self, begins: int, count: int) -> _Column:
        """The lines of some slices, from one on."""

        def cut(value: Any) -> Any:
            return value.slice(begins, count) if isinstance(value, pl.Series) else value

        return _Column(*(cut(getattr(self, each.name)) for each in fields(self)))


def _column(strip: Strip, *, every: Slices, component: str, base: int) -> _Column:
    """A strip laid out over every slice of the version; ``base`` is where its component stands among the lines."""
    part, within, frame = strip.part, strip.within, strip.slices.frame

    def over(value: Any) -> Any:
        if within is None or not isinstance(value, pl.Series):
            return value
        nothing = pl.Series([None], dtype=pl.Int64).new_from_index(0, within.len()).cast(value.dtype)
        return spread(value, within, nothing if value.dtype != pl.Boolean else nothing.fill_null(False))

    own = strip.slices is every or _same_days(frame, every.frame, within)
    return _Column(
        component=component,
        part=part.part,
        seq=over(strip.place + (base + part.sub * 100 + part.part)),
        price=over(part.price),
        quantity=over(part.quantity),
        amount=over(strip.amount),
        keep=within if part.keep is None else over(part.keep),
        starts=None if own else over(frame["starts"]),
        ends=None if own else over(frame["ends"]),
    )


def _same_days(frame: pl.DataFrame, every: pl.DataFrame, within: pl.Series | None) -> bool:
    """Whether the slices of a strip are as long as those it was picked from."""
    picked = every.select("starts", "ends")
    return frame.select("starts", "ends").equals(picked if within is None else picked.filter(within))


def _woven(columns: Sequence[pl.Series], kept: pl.Series | None) -> pl.Series:
    """Columns of one height as a single one: the first row of every column, then the second of every column…"""
    frame = pl.DataFrame([column.alias(str(at)) for at, column in enumerate(columns)])
    together: pl.Series = frame.select(pl.concat_arr(pl.all())).to_series().explode()
    return together if kept is None else together.filter(kept)


def _lines(columns: Sequence[_Column], slices: Slices, frame: pl.DataFrame) -> pl.DataFrame:
    """The lines of some bills, bill by bill, each in the order of the columns."""
    height, width = frame.height, len(columns)
    kept = None
    place = pl.int_range(height * width, dtype=pl.UInt32, eager=True)
    if any(column.keep is not None for column in columns):
        every = pl.Series([True]).new_from_index(0, height)
        kept = _woven([every if column.keep is None else column.keep for column in columns], None)
        place = kept.arg_true()
    line, bill = place % width, place // width
    numbers = {
        name: [value if isinstance(value, int) else 0 for value in (getattr(column, name) for column in columns)]
        for name in ("part", "seq", "price")
    }
    each_line = pl.DataFrame({"component": [column.component for column in columns], **numbers}, schema_overrides=LINES)
    found = {column.name: column for column in frame.select("row", "starts", "ends")[bill]}
    found |= {column.name: column for column in each_line[line]}
    for at, column in enumerate(columns):
        own = {name: value for name in ("seq", "price", "starts", "ends")
               if isinstance(value := getattr(column, name), pl.Series)}  # fmt: skip
        mine = (line == at).arg_true() if own else None
        for name, value in own.items():
            value = value if column.keep is None else value.filter(column.keep)
            found[name] = found[name].scatter(mine, value.cast(found[name].dtype))
    found["version"] = pl.Series([slices.version.version], dtype=pl.String).new_from_index(0, line.len())
    found["quantity"] = _woven([column.quantity for column in columns], kept)
    found["amount"] = _woven([column.amount for column in columns], kept)
    return pl.DataFrame({name: found[name] for name in LINES})


def _priced(slices: Slices, earlier: Earlier) -> tuple[list[pl.DataFrame], bool]:
    """The lines of one version, and whether each bill's stand in order of print."""
    running = Running(slices, slices.version.reads_exact, earlier)
    columns: list[_Column] = []
    for at, component in enumerate(slices.version.components, start=1):
        base = slices.index * 10_000_000 + at * 100_000
        strips = running.add(component)
        columns += [_column(strip, every=slices, component=component.id, base=base) for strip in strips]
    earlier.add(slices, running.cents)
    if not columns:
        return [], True
    ordered = all(isinstance(column.seq, int) for column in columns)
    if ordered:
        columns.sort(key=lambda column: cast("int", column.seq))
    frame = slices.frame
    found = [
        _lines([column.taken(begins, _AT_ONCE) for column in columns], slices, frame.slice(begins, _AT_ONCE))
        for begins in range(0, frame.height, _AT_ONCE)
    ]
    return found, ordered


def price(tariff: Tariff, frame: pl.DataFrame) -> pl.DataFrame:
    """Price every bill of ``frame``; returns lines with the columns `LINES`, sorted by row and print order.

    ``frame`` has ``row`` Int64 (unique), ``starts`` and ``ends`` Date (half-open), and determinants as
    ``det.<name>``: Int64 millionths, or String for keys; those of the bill's last day. ``changes``, if there is such
    a column, lists for each bill what was so before a day inside it (see `stretches.CHANGE`). Raises
    `MissingDeterminant`, `UnknownKey`, `OutOfRange` or `NotInForce`, naming the rows; a frame is priced whole or not
    at all.
    """
    _check(tariff, frame)
    found: list[pl.DataFrame] = []
    versions, ordered, earlier = 0, _ascends(frame["row"]), Earlier()
    for one in sliced(tariff, frame):
        lines, in_order = _priced(one, earlier)
        versions, ordered = versions + 1, ordered and in_order
        found += lines
    if not found:
        return pl.DataFrame(schema=LINES)
    lines_of_all = pl.concat(found)
    return lines_of_all if ordered and versions == 1 else lines_of_all.sort("row", "seq")
