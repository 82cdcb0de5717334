"""Pricing one component at a time over distinct bills, and not at all what is known already.

A component is priced again only if its own settings, the version's rules, or a charge it looks at have changed. What
it looks at is not guessed from its settings: the charges handed to it note which of them were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import polars as pl

from meterbook.engine.rates import components
from meterbook.engine.rates.fixed_point import Number
from meterbook.engine.rates.tariff import Component, Tariff, Version
from meterbook.engine.rates.versions import Part, Slices, slices

#: Priced components kept of each id, beside those of today's rates: enough to drag a price back and forth.
_RECENT = 8
_INT64_SAFE = 2**62


@dataclass(frozen=True, eq=False)
class Bills:
    """Distinct bills: ``frame`` as `price` takes it, in order of class, with ``count`` (how often each stands).

    ``ranges`` holds of each class its name and where its bills begin and end (out) in the frame.
    """

    frame: pl.DataFrame
    determinants: tuple[str, ...]
    ranges: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, frame: pl.DataFrame, determinants: tuple[str, ...]) -> Bills:
        """The bills of a frame that is in order of ``class``."""
        sizes = frame.group_by("class", maintain_order=True).len()
        ranges, begins = [], 0
        for name, size in sizes.iter_rows():
            ranges.append((name, begins, begins + size))
            begins += size
        return cls(frame, determinants, tuple(ranges))

    @property
    def count(self) -> pl.Series:
        """How often each distinct bill stands."""
        return self.frame["count"]

    def weighed(self, value: pl.Series) -> tuple[int, ...]:
        """The exact sum over all bills of each class of an integer per distinct bill."""
        largest = max(abs(cast(int, value.max() or 0)), abs(cast(int, value.min() or 0)))
        if largest * max(int(self.count.sum()), 1) < _INT64_SAFE:
            product = value.cast(pl.Int64) * self.count
        else:
            product = value.cast(pl.Int128) * self.count.cast(pl.Int128)
        return tuple(int(product.slice(begins, ends - begins).sum()) for _, begins, ends in self.ranges)


@dataclass(frozen=True, slots=True)
class PartSums:
    """One part of a component: units in millionths and cents by class; the price, if every bill has the same."""

    part: int
    units: tuple[int, ...]
    cents: tuple[int, ...]
    price: Decimal | None


@dataclass(frozen=True, eq=False, slots=True)
class Charged:
    """One component priced: cents of each distinct bill, their sums by class, and its parts."""

    cents: pl.Series
    sums: tuple[int, ...]
    parts: tuple[PartSums, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A remembered result with everything it came from."""

    component: Component
    rules: Version
    looked_at: tuple[tuple[str, Charged], ...]
    charged: Charged


@dataclass(eq=False)
class Known:
    """Components priced before: today's for good, and of each id a few that drafts had."""

    today: dict[str, _Entry] = field(default_factory=dict)
    recent: dict[str, list[_Entry]] = field(default_factory=dict)

    def find(self, component: Component, rules: Version, earlier: Mapping[str, Charged]) -> Charged | None:
        """The charges of this very component under these rules, if everything it looked at is unchanged as well."""
        mine = self.today.get(component.id)
        for entry in ([] if mine is None else [mine]) + self.recent.get(component.id, []):
            same = all(earlier.get(name) is charged for name, charged in entry.looked_at)
            if same and entry.component == component and entry.rules == rules:
                return entry.charged
        return None

    def remember(self, entry: _Entry, *, keep: bool) -> None:
        """Keep a result; of those not kept for good, the oldest goes."""
        if keep:
            self.today[entry.component.id] = entry
            return
        recent = self.recent.setdefault(entry.component.id, [])
        recent.append(entry)
        del recent[:-_RECENT]


class _Watched(Mapping[str, pl.Series]):
    """Cents of earlier components; notes which were looked at."""

    def __init__(self, charged: Mapping[str, Charged]) -> None:
        self.charged, self.seen = charged, set[str]()

    def __getitem__(self, name: str) -> pl.Series:
        found = self.charged[name].cents
        self.seen.add(name)
        return found

    def __iter__(self) -> Iterator[str]:
        self.seen.update(self.charged)
        return iter(self.charged)

    def __len__(self) -> int:
        self.seen.update(self.charged)
        return len(self.charged)


def _priced_alike(component: Component) -> Component:
    """The component without what never changes its price."""
    return replace(component, label={}, revenue="", source=None)


def _rules(version: Version) -> Version:
    """What of a version every component may depend on."""
    return replace(version, version="", effective=date.min, source=cast(Any, None), components=())


def charge_all(always: Tariff, bills: Bills, known: Known, *, keep: bool = False) -> tuple[Charged, ...]:
    """Every component of the tariff's only version on every distinct bill, in order; raises what `price` raises.

    ``keep`` remembers the results for good (today's rates).
    """
    version = always.versions[0]
    rules = _rules(version)
    listed = list(slices(always, bills.frame))
    earlier: dict[str, Charged] = {}
    for component in version.components:
        alike = _priced_alike(component)
        found = known.find(alike, rules, earlier)
        if found is None:
            watched = _Watched(earlier)
            found = _charge(component, listed, bills, watched)
            looked_at = tuple((name, earlier[name]) for name in sorted(watched.seen))
            known.remember(_Entry(alike, rules, looked_at, found), keep=keep)
        earlier[component.id] = found
    return tuple(earlier.values())


def _charge(component: Component, listed: list[Slices], bills: Bills, watched: _Watched) -> Charged:
    """One component on every distinct bill."""
    if not listed:  # no bill at all
        return Charged(bills.count.clear(), (), ())
    (one,) = listed
    face = components.module(component.keyword, "price")
    parts: list[Part] = face.charge(component.settings, one, component=component.id, charged=watched)
    total = pl.Series([0], dtype=pl.Int64).new_from_index(0, bills.count.len())
    gathered: dict[int, list[PartSums]] = {}
    for part in parts:
        amount, quantity = part.amount, part.quantity
        if part.keep is not None:
            amount, quantity = amount * part.keep.cast(pl.Int64), quantity * part.keep.cast(pl.Int64)
        total = total + amount
        sums = PartSums(part.part, bills.weighed(quantity), bills.weighed(amount), _one_price(part.price, part.keep))
        gathered.setdefault(part.part, []).append(sums)
    return Charged(total, bills.weighed(total), tuple(_together(found) for found in gathered.values()))


def _one_price(price: Number, keep: pl.Series | None) -> Decimal | None:
    """The price every line of a part has, in dollars; ``None`` if there are several, or no line."""
    if isinstance(price, int):
        return Decimal(price).scaleb(-8)
    shown = price if keep is None else price.filter(keep)
    lowest, highest = shown.min(), shown.max()
    return Decimal(cast(int, lowest)).scaleb(-8) if lowest is not None and lowest == highest else None


def _together(found: list[PartSums]) -> PartSums:
    """Lines of the same part as one."""
    prices = {sums.price for sums in found}
    return PartSums(
        part=found[0].part,
        units=tuple(sum(each) for each in zip(*(sums.units for sums in found), strict=True)),
        cents=tuple(sum(each) for each in zip(*(sums.cents for sums in found), strict=True)),
        price=prices.pop() if len(prices) == 1 else None,
    )
