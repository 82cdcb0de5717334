"""The run's face: a frame of bills becomes a frame of lines, on integer columns.

>>> # lines = price(tariff, bills)   # see tests/engine/rates for frames of every schedule
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

import polars as pl

from meterbook.engine.rates import components
from meterbook.engine.rates.fixed_point import Number, cents, half_up, times, wide
from meterbook.engine.rates.language.on_columns import truth_of
from meterbook.engine.rates.tariff import Component, Tariff
from meterbook.engine.rates.terms import SEASONS_LIMIT, OutOfRange
from meterbook.engine.rates.versions import Charged, Part, Slices
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


def _lines(part: Part, *, slices: Slices, component: str, seq: Number, amount: pl.Series) -> list[pl.Series]:
    """The part's lines, column by column as in `LINES`."""
    frame, keep = slices.frame, part.keep
    columns = [slices.rows, frame["starts"], frame["ends"], part.quantity, amount]
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
        each(seq + part.sub * 100 + part.part, pl.Int32),
        same(component, pl.String),
        same(part.part, pl.Int32),
        same(slices.version.version, pl.String),
        starts,
        ends,
        quantity,
        each(part.price, pl.Int64),
        amount,
    ]


class _Running:
    """What one version's components come to on its slices so far; the rounding to cents stands here, once."""

    def __init__(self, slices: Slices, exact: bool) -> None:
        self.slices, self.keeps_exact, self.height = slices, exact, slices.frame.height
        self.cents: dict[str, pl.Series] = {}
        self.exact: dict[str, pl.Series] = {}
        self.lines: list[list[pl.Series]] = []

    def charged(self) -> Charged:
        """The lines before a component, as it may look at them."""
        return Charged(self.cents, self.exact)

    def pieces(self, component: Component) -> Iterator[tuple[pl.Series | None, Slices, Charged, Number]]:
        """The slices a component prices: which of all (`None`: all), they, the lines before, and their place."""
        charged = self.charged()
        if component.season is None:
            yield None, self.slices, charged, 0
            return
        place = pl.Series([0], dtype=pl.Int32).new_from_index(0, self.height)
        for mask, slices in self.slices.seasons(component.season):
            if place.filter(mask).max() == SEASONS_LIMIT:
                what = f"a bill runs through more than {SEASONS_LIMIT} seasons"
                rows = slices.rows.filter(place.filter(mask) == SEASONS_LIMIT).to_list()
                raise OutOfRange(schedule=slices.schedule, what=what, rows=rows)
            yield mask, slices, charged.where(mask), place.filter(mask) * 10_000
            place = place + mask.cast(pl.Int32)

    def add(self, component: Component, at: int) -> None:
        """Price one more component."""
        zero = pl.Series([0], dtype=pl.Int64).new_from_index(0, self.height)
        total, exact = zero, wide(zero)
        face = cast("_PriceModule", components.module(component.keyword, "price"))
        base = self.slices.index * 10_000_000 + at * 100_000
        for mask, slices, charged, place in self.pieces(component):
            if component.applies is not None:
                holds = truth_of(component.applies, slices, component=component.id, charged=charged)
                if not holds.any():
                    continue
                if not holds.all():
                    slices, charged = slices.where(holds), charged.where(holds)
                    place = place if isinstance(place, int) else place.filter(holds)
                    mask = _within(mask, holds, zero)
            for part in face.charge(component.settings, slices, component=component.id, charged=charged):
                own, within, seq = slices, mask, base + place
                if part.slices is not None:
                    own, within = part.slices, _within(mask, part.mask, zero)
                    seq = seq if isinstance(seq, int) or part.mask is None else seq.filter(part.mask)
                amount = self._amount(part, own, component.id)
                self.lines.append(_lines(part, slices=own, component=component.id, seq=seq, amount=amount))
                if part.keep is not None:
                    amount = amount * part.keep.cast(pl.Int64)
                total = total + _spread(amount, within, zero)
                if self.keeps_exact:
                    exact = exact + _spread(self._unrounded(part, own, component.id), within, wide(zero))
        self.cents[component.id], self.exact[component.id] = total, exact

    def _amount(self, part: Part, slices: Slices, component: str) -> pl.Series:
        """The part in whole cents, half-up."""
        height = slices.frame.height
        rounded = half_up(part.amount.over, part.amount.under)
        if rounded.len() != height:
            rounded = rounded.new_from_index(0, height)
        return cents(rounded, rows=slices.rows, schedule=slices.schedule, component=component)

    def _unrounded(self, part: Part, slices: Slices, component: str) -> pl.Series:
        """The part in 10**-12 dollars, half-up; raise `OutOfRange` where that leaves 128 bits."""
        over = part.amount.over
        large = over.cast(pl.Float64).abs() > 8e27
        if large.any():
            what = f"component {component} is too large to be carried unrounded"
            raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.to_list())
        fine = half_up(times(over, 10**10), part.amount.under)
        fine = fine if fine.len() == slices.frame.height else fine.new_from_index(0, slices.frame.height)
        return fine if part.keep is None else fine * part.keep.cast(pl.Int128)


def _within(mask: pl.Series | None, inner: pl.Series | None, zero: pl.Series) -> pl.Series | None:
    """Which of all slices are marked by a mask over those that another mask marks."""
    if mask is None or inner is None:
        return inner if mask is None else mask
    return _spread(inner, mask, zero.cast(pl.Boolean))


def _spread(value: pl.Series, mask: pl.Series | None, zero: pl.Series) -> pl.Series:
    """A column of some slices laid out over all; zero elsewhere."""
    if mask is None:
        return value
    fresh = zero.new_from_index(0, zero.len())  # scatter writes in place
    return fresh.scatter(mask.arg_true(), value)


def price(tariff: Tariff, frame: pl.DataFrame) -> pl.DataFrame:
    """Price every bill of ``frame``; returns lines with the columns `LINES`, sorted by row and print order.

    ``frame`` has ``row`` Int64 (unique), ``starts`` and ``ends`` Date (half-open), and determinants as
    ``det.<name>``: Int64 millionths, or String for keys. Raises `MissingDeterminant`, `UnknownKey`, `OutOfRange` or
    `NotInForce`, naming the rows; a frame is priced whole or not at all.
    """
    _check(tariff, frame)
    found: list[list[pl.Series]] = []
    for one in sliced(tariff, frame):
        running = _Running(one, one.version.reads_exact)
        for at, component in enumerate(one.version.components, start=1):
            running.add(component, at)
        found += running.lines
    if not found:
        return pl.DataFrame(schema=LINES)
    columns = [pl.concat(column).alias(name) for name, column in zip(LINES, zip(*found, strict=True), strict=True)]
    return pl.DataFrame(columns).sort("row", "seq")
