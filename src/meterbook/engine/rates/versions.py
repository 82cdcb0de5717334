"""Which version prices which days: a frame of bills becomes slices, one frame per version and stretch.

A bill that runs across a rate change has a slice in each version, and one more for each stretch of days that facts
changing inside it cut (``stretches``). Served days are counted from the bill's first, so ``first`` and ``until`` are
the slice's place in the bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates.changing.stretches import PLACE, stretches
from meterbook.engine.rates.document import YEARS
from meterbook.engine.rates.fixed_point import Exact, Number
from meterbook.engine.rates.language.seasons import occurrences
from meterbook.engine.rates.tariff import Tariff, Version
from meterbook.engine.rates.terms import (
    COUNT_LIMIT,
    DAYS_LIMIT,
    QUANTITY_LIMIT,
    Determinant,
    MissingDeterminant,
    NotInForce,
    OutOfRange,
    UnknownKey,
)


@dataclass(frozen=True)
class Part:
    """Lines of one component for every slice that ``keep`` marks (all, if ``None``).

    ``quantity`` in millionths and ``price`` in hundred-millionths of a dollar, one row per slice; ``amount`` the exact
    cents, which `price` rounds once. ``sub`` orders lines of one component and slice. A part
    that stands on narrower ``slices`` has their columns, and ``mask`` says which of all they are.
    """

    quantity: pl.Series
    price: Number
    amount: Exact
    part: int = 0
    sub: int = 0
    keep: pl.Series | None = None
    slices: Slices | None = None
    mask: pl.Series | None = None


class Earlier:
    """Cents of every component on stretches of bills that earlier versions priced and that go on under later ones."""

    def __init__(self) -> None:
        self.found: dict[str, pl.DataFrame] = {}

    def add(self, slices: Slices, cents: Mapping[str, pl.Series]) -> None:
        """Keep what one version's components came to, of the bills that go on."""
        goes_on = slices.until < slices.days
        if not goes_on.any():
            return
        rows = slices.rows.filter(goes_on)
        for name, column in cents.items():
            more = pl.DataFrame({"row": rows, "cents": column.filter(goes_on)})
            if name in self.found:
                more = pl.concat([self.found[name], more]).group_by("row").agg(pl.col("cents").sum())
            self.found[name] = more

    def of(self, component: str, rows: pl.Series) -> pl.Series:
        """Cents of the component on the earlier stretches of these bills; zero where it had none."""
        if component not in self.found:
            return pl.Series([0], dtype=pl.Int64).new_from_index(0, rows.len())
        bills = pl.DataFrame({"row": rows}).join(self.found[component], on="row", how="left", maintain_order="left")
        return bills["cents"].fill_null(0)


class Charged(dict[str, pl.Series]):
    """Cents of every earlier component on these slices; `exact` has 10**-12 dollars, where a formula asks for it.

    `before` has the cents of a component on the same bills' earlier stretches, priced by earlier versions.
    """

    def __init__(
        self,
        cents: Mapping[str, pl.Series],
        exact: Mapping[str, pl.Series],
        *,
        rows: pl.Series | None = None,
        earlier: Earlier | None = None,
    ) -> None:
        super().__init__(cents)
        self.exact, self.rows, self.earlier = dict(exact), rows, earlier

    def before(self, component: str) -> pl.Series:
        """Cents of the component with that id on the bills' earlier stretches; zero where there are none."""
        if self.rows is None or self.earlier is None:
            return next(iter(dict.values(self))) * 0
        return self.earlier.of(component, self.rows)

    def where(self, mask: pl.Series) -> Charged:
        """The same on some of the slices."""
        exact = {name: dollars.filter(mask) for name, dollars in self.exact.items()}
        cents = {name: column.filter(mask) for name, column in self.items()}
        rows = None if self.rows is None else self.rows.filter(mask)
        return Charged(cents, exact, rows=rows, earlier=self.earlier)


def _filtered(value: Number, mask: pl.Series) -> Number:
    return value if isinstance(value, int) or value.len() != mask.len() else value.filter(mask)


@dataclass(frozen=True)
class Slices:
    """The days of one stretch that one version prices, one row per bill that has any.

    ``frame`` has the input columns; ``starts`` and ``ends`` are the slice's dates, ``began`` the bill's first day.
    ``days`` is how many days of the bill are served, ``length`` how many it has, ``first`` to ``until`` (out) the
    slice's days among the served ones, counted from ``opens``. Split usage is rounded to ``unit`` millionths;
    ``reads`` (row, name, at, used) is what is known of it by reads. ``cut`` says whether any slice is less than its
    whole bill.
    """

    schedule: str
    index: int
    version: Version
    frame: pl.DataFrame
    opens: pl.Series
    days: pl.Series
    first: pl.Series
    until: pl.Series
    unit: Number
    cut: bool
    began: pl.Series
    length: pl.Series
    reads: pl.DataFrame | None = None
    season: str | None = None
    memo: dict[str, pl.Series] = field(default_factory=dict)

    def where(self, mask: pl.Series) -> Slices:
        """Only the slices that ``mask`` marks."""
        unit = _filtered(self.unit, mask)
        return replace(self, frame=self.frame.filter(mask), opens=self.opens.filter(mask), days=self.days.filter(mask),
                       first=self.first.filter(mask), until=self.until.filter(mask), unit=unit, memo={},
                       began=self.began.filter(mask), length=self.length.filter(mask))  # fmt: skip

    def between(self, starts: pl.Series, ends: pl.Series, *, season: str | None = None) -> Slices:
        """The same slices narrowed to the days ``starts`` to ``ends`` (out), which lie within them."""
        frame = self.frame.with_columns(starts.alias("starts"), ends.alias("ends"))
        return replace(self, frame=frame, first=_days(starts, self.opens), until=_days(ends, self.opens), cut=True,
                       season=season or self.season, memo={})  # fmt: skip

    def seasons(self, wanted: str) -> Iterator[tuple[pl.Series, Slices]]:
        """The days of a season, one occurrence after the other: which slices have any, and these slices."""
        first, last = cast("date", self.frame["starts"].min()), cast("date", self.frame["ends"].max())
        for one in occurrences(self.version.seasons, wanted=wanted, first=first, last=last):
            begins = self.frame.select(pl.max_horizontal("starts", pl.lit(one.starts))).to_series()
            finishes = self.frame.select(pl.min_horizontal("ends", pl.lit(one.ends))).to_series()
            mask = begins < finishes
            if not mask.any():
                continue
            mine = self if mask.all() else self.where(mask)
            yield mask, mine.between(begins.filter(mask), finishes.filter(mask), season=one.season)

    @property
    def rows(self) -> pl.Series:
        """The bills' row numbers."""
        return self.frame["row"]

    def text(self, component: str, determinant: Determinant) -> pl.Series:
        """A key determinant as it stands, checked to be present."""
        return self._column(component, determinant, pl.String())

    def _column(self, component: str, determinant: Determinant, dtype: pl.DataType) -> pl.Series:
        name = f"det.{determinant.name}"
        if name not in self.frame.columns:
            if determinant.optional:
                return pl.Series(name, [None], dtype=dtype).new_from_index(0, self.frame.height)
            raise MissingDeterminant(schedule=self.schedule, component=component, determinant=determinant.name,
                                     rows=self.rows.to_list())  # fmt: skip
        column = self.frame[name]
        if column.dtype != dtype:
            raise OutOfRange(schedule=self.schedule, what=f"column {name} is {column.dtype}, expected {dtype}")
        if column.null_count() and not determinant.optional:
            raise MissingDeterminant(schedule=self.schedule, component=component, determinant=determinant.name,
                                     rows=self.rows.filter(column.is_null()).to_list())  # fmt: skip
        return column

    def number(self, component: str, determinant: Determinant) -> pl.Series:
        """A numeric determinant in millionths, checked to be present and within limits; usage is the whole bill's."""
        column = self._column(component, determinant, pl.Int64())
        limit = int(COUNT_LIMIT if determinant.kind == "count" else QUANTITY_LIMIT) * QUANTITY_SCALE
        if determinant.kind == "signed":
            self.within(column.abs(), limit=limit, name=determinant.name)
            return column
        return self.within(column, limit=limit, name=determinant.name)

    def area(self, component: str, name: str, limit: int) -> pl.Series:
        """An area in millionths of its unit, checked to be present and at most ``limit`` millionths."""
        return self.within(self._column(component, Determinant(name, "count"), pl.Int64()), limit=limit, name=name)

    def within(self, column: pl.Series, *, limit: int, name: str) -> pl.Series:
        """The column, if every value is from 0 to ``limit`` millionths; else `OutOfRange` names the rows."""
        lowest, highest = column.min(), column.max()
        if highest is not None and (lowest < 0 or highest > limit):  # type: ignore[operator]
            what = f"determinant {name} must be from 0 to {limit // QUANTITY_SCALE}"
            beyond = (column < 0) | (column > limit)
            raise OutOfRange(schedule=self.schedule, what=what, rows=self.rows.filter(beyond).to_list())
        return column

    def looked_up(self, component: str, determinant: Determinant, table: dict[str, int]) -> pl.Series:
        """The value that ``table`` has for each slice's key; raise `UnknownKey` for a key it lacks."""
        keys = self._column(component, determinant, pl.String())
        found: pl.Series = keys.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Int64)
        if found.null_count():
            unknown = found.is_null()
            raise UnknownKey(schedule=self.schedule, component=component, determinant=determinant.name,
                             values=keys.filter(unknown).unique().sort().to_list(),
                             rows=self.rows.filter(unknown).to_list())  # fmt: skip
        return found


def _rounding_unit(tariff: Tariff, began: pl.Series) -> Number:
    """Millionths to which split usage is rounded: by the version in force on each bill's first day."""
    units: list[int] = [10 ** (6 - version.proration.usage_decimals) for version in tariff.versions]
    if len(set(units)) == 1:
        return units[0]
    since = [version.effective for version in tariff.versions]
    chosen = pl.lit(units[0], dtype=pl.Int64)
    for day, step in zip(since[1:], units[1:], strict=True):
        chosen = pl.when(pl.col("began") >= day).then(pl.lit(step, dtype=pl.Int64)).otherwise(chosen)
    unit: pl.Series = pl.DataFrame({"began": began}).select(unit=chosen).to_series()
    return unit


def _days(later: pl.Series, earlier: pl.Series) -> pl.Series:
    days: pl.Series = (later - earlier).dt.total_days()
    return days


def check_periods(tariff: Tariff, frame: pl.DataFrame) -> None:
    """Raise if a period is empty, too long, beyond `YEARS`, or begins before the first version takes effect."""
    days = _days(frame["ends"], frame["starts"])
    wrong = ((days < 1) | (days > DAYS_LIMIT)).fill_null(True)
    if wrong.any():
        rows = frame["row"].filter(wrong).to_list()
        raise OutOfRange(schedule=tariff.schedule, what=f"a bill must hold 1 to {DAYS_LIMIT} days", rows=rows)
    far = ~frame["starts"].dt.year().is_between(YEARS[0], YEARS[1] - 1).fill_null(True)
    if far.any():
        what = f"a bill must begin in a year from {YEARS[0]} to {YEARS[1] - 1}"
        raise OutOfRange(schedule=tariff.schedule, what=what, rows=frame["row"].filter(far).to_list())
    first = tariff.versions[0].effective
    opens = cast("date | None", frame["starts"].min())
    if opens is not None and opens < first:
        rows = frame["row"].filter(frame["starts"] < first).to_list()
        raise NotInForce(schedule=tariff.schedule, day=opens, first=first, rows=rows)


def slices(tariff: Tariff, frame: pl.DataFrame) -> Iterator[Slices]:
    """The slices of all bills, version by version; versions that price no bill are left out."""
    check_periods(tariff, frame)
    listed = stretches(tariff, frame)
    for index, version in enumerate(tariff.versions):
        following = tariff.versions[index + 1].effective if index + 1 < len(tariff.versions) else date.max
        for one in listed:
            mine = one.frame.filter((pl.col("starts") < following) & (pl.col("ends") > version.effective))
            if mine.is_empty():
                continue
            starts, ends = mine["starts"], mine["ends"]
            if one.placed:
                began, opens, days, length = (mine[name] for name in PLACE)
            else:
                began = opens = starts
                days = length = _days(ends, starts)
            begins = mine.select(pl.max_horizontal("starts", pl.lit(version.effective))).to_series()
            finishes = mine.select(pl.min_horizontal("ends", pl.lit(following))).to_series()
            first, until = _days(begins, opens), _days(finishes, opens)
            yield Slices(
                schedule=tariff.schedule,
                index=index + one.number,
                version=version,
                frame=mine.drop(PLACE, strict=False).with_columns(begins.alias("starts"), finishes.alias("ends")),
                opens=opens,
                days=days,
                first=first,
                until=until,
                unit=_rounding_unit(tariff, began),
                cut=bool(((first != 0) | (until != days)).any()),
                began=began,
                length=length,
                reads=one.reads,
            )
