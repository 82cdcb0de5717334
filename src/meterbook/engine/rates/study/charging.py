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

from meterbook.engine.rates.fixed_point import Number
from meterbook.engine.rates.running import Running, spread
from meterbook.engine.rates.tariff import Component, Tariff, Version
from meterbook.engine.rates.versions import Charged, slices

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
class Charges:
    """One component priced: cents of each distinct bill, their sums by class, and its parts.

    ``exact`` holds them unrounded, in 10**-12 dollars, where the version reads that of any component.
    """

    cents: pl.Series
    exact: pl.Series | None
    sums: tuple[int, ...]
    parts: tuple[PartSums, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A remembered result with everything it came from."""

    component: Component
    rules: Version
    looked_at: tuple[tuple[str, Charges], ...]
    charged: Charges


@dataclass(eq=False)
class Known:
    """Components priced before: today's for good, and of each id a few that drafts had."""

    today: dict[str, _Entry] = field(default_factory=dict)
    recent: dict[str, list[_Entry]] = field(default_factory=dict)

    def find(
        self, component: Component, rules: Version, earlier: Mapping[str, Charges], *, exact: bool
    ) -> Charges | None:
        """The charges of this very component under these rules, if everything it looked at is unchanged as well."""
        mine = self.today.get(component.id)
        for entry in ([] if mine is None else [mine]) + self.recent.get(component.id, []):
            same = all(earlier.get(name) is charged for name, charged in entry.looked_at)
            same = same and (entry.charged.exact is not None or not exact)
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


class _Looked(dict[str, pl.Series]):
    """Charges of earlier components by id; notes which of them are looked at."""

    def __init__(self, charges: Mapping[str, pl.Series], seen: set[str]) -> None:
        super().__init__(charges)
        self.seen = seen

    def __getitem__(self, name: str) -> pl.Series:
        self.seen.add(name)
        return super().__getitem__(name)


class _Watched(Charged):
    """What earlier components come to; notes in ``seen`` which of them a component looks at.

    Ways of looking that name no component count as looking at all.
    """

    def __init__(self, cents: Mapping[str, pl.Series], exact: Mapping[str, pl.Series], seen: set[str]) -> None:
        super().__init__(cents, {})
        self.exact, self.seen = _Looked(exact, seen), seen

    def where(self, mask: pl.Series) -> Charged:
        exact = {name: dollars.filter(mask) for name, dollars in dict.items(self.exact)}
        return _Watched({name: cents.filter(mask) for name, cents in dict.items(self)}, exact, self.seen)

    def __getitem__(self, name: str) -> pl.Series:
        self.seen.add(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        self.seen.update(dict.keys(self))
        return super().__iter__()

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)

    def keys(self) -> Any:
        self.seen.update(dict.keys(self))
        return super().keys()

    def values(self) -> Any:
        self.seen.update(dict.keys(self))
        return super().values()

    def items(self) -> Any:
        self.seen.update(dict.keys(self))
        return super().items()


class _Run(Running):
    """A version's components on the distinct bills, watched."""

    seen: set[str]

    def charged(self) -> Charged:
        self.seen = set()
        return _Watched(self.cents, self.exact, self.seen)


def _priced_alike(component: Component) -> Component:
    """The component without what never changes its price."""
    return replace(component, label={}, revenue="", source=None)


def _rules(version: Version) -> Version:
    """What of a version every component may depend on."""
    return replace(version, version="", effective=date.min, source=cast(Any, None), components=())


def charge_all(always: Tariff, bills: Bills, known: Known, *, keep: bool = False) -> tuple[Charges, ...]:
    """Every component of the tariff's only version on every distinct bill, in order; raises what `price` raises.

    ``keep`` remembers the results for good (today's rates).
    """
    version = always.versions[0]
    rules = _rules(version)
    listed = list(slices(always, bills.frame))
    run = _Run(listed[0], version.reads_exact) if listed else None
    earlier: dict[str, Charges] = {}
    for component in version.components:
        alike = _priced_alike(component)
        found = known.find(alike, rules, earlier, exact=version.reads_exact)
        if found is None:
            found = Charges(bills.count.clear(), None, (), ()) if run is None else _charge(component, run, bills)
            looked_at = tuple((name, earlier[name]) for name in sorted(run.seen if run else ()) if name in earlier)
            known.remember(_Entry(alike, rules, looked_at, found), keep=keep)
        elif run is not None:
            run.cents[component.id] = found.cents
            if found.exact is not None:
                run.exact[component.id] = found.exact
        earlier[component.id] = found
    return tuple(earlier.values())


def _charge(component: Component, run: _Run, bills: Bills) -> Charges:
    """One component on every distinct bill."""
    gathered: dict[int, list[PartSums]] = {}
    strips = run.add(component)
    total = run.cents[component.id]
    zero = pl.Series([0], dtype=pl.Int64).new_from_index(0, total.len())
    for strip in strips:
        part, amount, quantity = strip.part, strip.amount, strip.part.quantity
        if part.keep is not None:
            amount, quantity = amount * part.keep.cast(pl.Int64), quantity * part.keep.cast(pl.Int64)
        units, cents = (bills.weighed(spread(value, strip.within, zero)) for value in (quantity, amount))
        gathered.setdefault(part.part, []).append(PartSums(part.part, units, cents, _one_price(part.price, part.keep)))
    exact = run.exact[component.id] if run.keeps_exact else None
    return Charges(total, exact, bills.weighed(total), tuple(_together(found) for found in gathered.values()))


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
