"""One version's components priced on its slices, one after another, and rounded to cents, once.

`price` makes printed lines of it, a revenue study only sums: both charge through this one door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import polars as pl

from meterbook.engine.rates import components
from meterbook.engine.rates.fixed_point import Number, cents, half_up, largest, times, wide
from meterbook.engine.rates.language.on_columns import truth_of
from meterbook.engine.rates.prorate import tall
from meterbook.engine.rates.tariff import Component
from meterbook.engine.rates.terms import CENTS_LIMIT, SEASONS_LIMIT, OutOfRange
from meterbook.engine.rates.versions import Charged, Earlier, Part, Slices

#: The largest numerator that can be carried with ten more digits in 128 bits.
_CARRIED = 8 * 10**27


class _PriceModule(Protocol):
    def charge(
        self, settings: Any, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
    ) -> list[Part]: ...


@dataclass(frozen=True, slots=True)
class Strip:
    """One part of a component, charged: ``amount`` in whole cents on ``slices``, which ``within`` marks among all.

    ``place`` orders lines of the component from different seasons.
    """

    part: Part
    slices: Slices
    within: pl.Series | None
    place: Number
    amount: pl.Series


class Running:
    """What one version's components come to on its slices so far; the rounding to cents stands here, once."""

    def __init__(self, slices: Slices, exact: bool, earlier: Earlier | None = None) -> None:
        self.slices, self.keeps_exact, self.height = slices, exact, slices.frame.height
        self.earlier = Earlier() if earlier is None else earlier
        self.cents: dict[str, pl.Series] = {}
        self.exact: dict[str, pl.Series] = {}

    def charged(self) -> Charged:
        """The lines before a component, as it may look at them."""
        return Charged(self.cents, self.exact, rows=self.slices.rows, earlier=self.earlier)

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

    def add(self, component: Component) -> list[Strip]:
        """Price one more component."""
        zero = pl.Series([0], dtype=pl.Int64).new_from_index(0, self.height)
        total, exact = zero, wide(zero) if self.keeps_exact else zero
        face = cast("_PriceModule", components.module(component.keyword, "price"))
        strips: list[Strip] = []
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
                own, within, seq = slices, mask, place
                if part.slices is not None:
                    own, within = part.slices, _within(mask, part.mask, zero)
                    seq = seq if isinstance(seq, int) or part.mask is None else seq.filter(part.mask)
                amount = self._amount(part, own, component.id)
                strips.append(Strip(part, own, within, seq, amount))
                if part.keep is not None:
                    amount = amount.zip_with(part.keep, zero.head(amount.len()))
                charged_here = spread(amount, within, zero)
                total = charged_here if total is zero else total + charged_here
                if self.keeps_exact:
                    exact = exact + spread(self._unrounded(part, own, component.id), within, wide(zero))
        self.cents[component.id] = total
        if self.keeps_exact:
            self.exact[component.id] = exact
        return strips

    def _amount(self, part: Part, slices: Slices, component: str) -> pl.Series:
        """The part in whole cents, half-up."""
        height = slices.frame.height
        rounded = half_up(part.amount.over, part.amount.under)
        amount = cents(rounded, rows=slices.rows, schedule=slices.schedule, component=component)
        return amount if amount.len() == height else amount.new_from_index(0, height)

    def _unrounded(self, part: Part, slices: Slices, component: str) -> pl.Series:
        """The part in 10**-12 dollars, half-up; raise `OutOfRange` where that leaves 128 bits."""
        over, under = part.amount.over, wide(part.amount.under)
        size, sign = wide(over).abs(), wide(over).sign().cast(pl.Int128)
        whole, rest = size // under, size % under
        if largest(rest) > _CARRIED or largest(whole) > CENTS_LIMIT:
            what = f"component {component} is too large to be carried unrounded"
            beyond = tall((rest > wide(_CARRIED)) | (whole > wide(CENTS_LIMIT)), slices.frame.height)
            raise OutOfRange(schedule=slices.schedule, what=what, rows=slices.rows.filter(beyond).to_list())
        fine = (whole * wide(10**10) + half_up(times(rest, 10**10), under)) * sign
        fine = fine if fine.len() == slices.frame.height else fine.new_from_index(0, slices.frame.height)
        return fine if part.keep is None else fine * part.keep.cast(pl.Int128)


def _within(mask: pl.Series | None, inner: pl.Series | None, zero: pl.Series) -> pl.Series | None:
    """Which of all slices are marked by a mask over those that another mask marks."""
    if mask is None or inner is None:
        return inner if mask is None else mask
    return spread(inner, mask, zero.cast(pl.Boolean))


def spread(value: pl.Series, mask: pl.Series | None, zero: pl.Series) -> pl.Series:
    """A column of some slices laid out over all; zero elsewhere."""
    if mask is None:
        return value
    fresh = zero.new_from_index(0, zero.len())  # scatter writes in place
    return fresh.scatter(mask.arg_true(), value)
