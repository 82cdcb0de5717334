"""Energy by time of use on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.time_of_use.settings import PeriodPrice, Tier, TimeOfUseSettings
from meterbook.engine.rates.fixed_point import Number, half_up, times, wide
from meterbook.engine.rates.language.on_columns import measured, price_of, quantity_of
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.rates.versions import Part, Slices


class _Charging:
    """One component on one set of slices."""

    def __init__(
        self, settings: TimeOfUseSettings, slices: Slices, component: str, charged: Mapping[str, pl.Series]
    ) -> None:
        self.settings, self.slices, self.component, self.charged = settings, slices, component, charged
        self.height = slices.frame.height
        self.kw: pl.Series | None = None
        if settings.demand is not None:
            self.kw = measured(settings.demand, slices, component=component, charged=charged, limit=COUNT_LIMIT)

    def price(self, tier: Tier) -> Number:
        price = price_of(tier.price, self.slices, component=self.component, charged=self.charged)
        if tier.adjustment is None:
            return price
        more = price_of(tier.adjustment, self.slices, component=self.component, charged=self.charged)
        return more + price if isinstance(price, int) else price + more

    def bound(self, tier: Tier) -> pl.Series | None:
        """The tier's upper end on these days, 128 bits wide; ``None`` without end."""
        if tier.up_to is None:
            return None
        end = quantity_of(tier.up_to, self.slices, component=self.component, charged=self.charged)
        if self.settings.daily:
            days = self.slices.until - self.slices.first
            product = times(QUANTITY_SCALE if self.kw is None else self.kw, end, days)
            return prorate.tall(half_up(product, QUANTITY_SCALE), self.height)
        by_days, rests = self.settings.by_days, tier.rests_on_days
        by = prorate.width_share(self.slices, by_days=by_days, rests_on_days=rests)
        top = prorate.tier_bound(end, count=self.kw, slices=self.slices, by=by)
        return prorate.tall(wide(top), self.height)

    def reached(self, period: PeriodPrice, usage: pl.Series) -> list[pl.Series]:
        """How much of ``usage`` lies below the upper end of each tier; never less than below the tier before."""
        found: list[pl.Series] = []
        used = wide(usage)
        before = used * wide(0)
        for tier in period.tiers:
            end = self.bound(tier)
            if end is None:
                before = used
            else:
                top = used.zip_with(used < end, end)
                before = top.zip_with(top > before, before)
            found.append(before)
        return found

    def shared(self, energy: pl.Series, below: list[pl.Series], total: pl.Series) -> list[pl.Series]:
        """The period's part of what all periods have in each tier: by its energy, cumulatively rounded half-up."""
        none = total == wide(0)
        under = total.zip_with(~none, wide(1).new_from_index(0, self.height))
        found: list[pl.Series] = []
        before = wide(energy) * wide(0)
        for each in below:
            upto = half_up(wide(energy) * wide(each), under)
            found.append((upto - before).cast(pl.Int64))
            before = upto
        return found


def _quantities(one: _Charging) -> list[pl.Series]:
    """The energy of every part, in millionths."""
    settings, slices = one.settings, one.slices

    def counted(measure: object) -> pl.Series:
        return measured(measure, slices, component=one.component, charged=one.charged)  # type: ignore[arg-type]

    if settings.convention == "chronological":
        return [counted(tier.quantity) for _, _, _, tier in settings.parts()]
    energies = [counted(period.quantity) for period in settings.periods]
    if not settings.convention:
        return energies
    found: list[pl.Series] = []
    if settings.convention == "per_period":
        for period, energy in zip(settings.periods, energies, strict=True):
            below = one.reached(period, energy)
            steps = zip(below, [wide(energy) * wide(0), *below], strict=False)
            found += [(upto - before).cast(pl.Int64) for upto, before in steps]
        return found
    total = wide(energies[0])
    for energy in energies[1:]:
        total = total + wide(energy)
    running: list[pl.Series] = []
    for measure in settings.totals:
        filled = wide(counted(measure))
        running.append(running[-1] + filled if running else filled)
    for period, energy in zip(settings.periods, energies, strict=True):
        below = running[: len(period.tiers)] if running else one.reached(period, total)
        found += one.shared(energy, below, total)
    return found


def charge(
    settings: TimeOfUseSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per period and tier that holds energy: its energy × its price."""
    one = _Charging(settings, slices, component, charged)
    parts: list[Part] = []
    for (part, _, _, tier), quantity in zip(settings.parts(), _quantities(one), strict=True):
        price = one.price(tier)
        amount = prorate.at_price(quantity, price)
        parts.append(Part(quantity=quantity, price=price, amount=amount, part=part, keep=quantity != 0))
    return parts
