"""Tiered usage on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.tiered.settings import TieredSettings
from meterbook.engine.rates.fixed_point import Number, wide
from meterbook.engine.rates.language.on_columns import measured, price_of, quantity_of
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.rates.versions import Part, Slices


def _under(usage: pl.Series, bound: Number, below: pl.Series) -> pl.Series:
    """Usage up to the bound; a bound that falls short of the tier before leaves this tier empty."""
    if isinstance(bound, int):
        top = usage.clip(upper_bound=bound)
        return top.zip_with(top >= below, below)
    limit = prorate.tall(wide(bound), usage.len())
    used, reached = wide(usage), wide(below)
    limit = limit.zip_with(limit > reached, reached)
    return used.zip_with(used < limit, limit).cast(pl.Int64)


def charge(settings: TieredSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per tier that holds usage: the usage between its bounds × its price."""
    usage = measured(settings.quantity, slices, component=component, charged=charged)
    count = None
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    parts: list[Part] = []
    below = usage * 0
    for number, tier in enumerate(settings.tiers, start=1):
        top = usage
        if tier.up_to is not None:
            up_to = quantity_of(tier.up_to, slices, component=component, charged=charged)
            by = prorate.width_share(slices, by_days=settings.by_days, rests_on_days=tier.rests_on_days)
            bound = prorate.tier_bound(up_to, count=count, slices=slices, by=by)
            top = _under(usage, bound, below)
        price = price_of(tier.price, slices, component=component, charged=charged)
        quantity = top - below
        parts.append(
            Part(quantity=quantity, price=price, amount=prorate.at_price(quantity, price), part=number,
                 keep=quantity != 0)
        )  # fmt: skip
        below = top
    return parts
