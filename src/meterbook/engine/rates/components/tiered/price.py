"""Tiered usage on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.tiered.settings import TieredSettings
from meterbook.engine.rates.fixed_point import Number, price_units, quantity_units, wide
from meterbook.engine.rates.terms import Determinant
from meterbook.engine.rates.versions import Part, Slices


def _under(usage: pl.Series, bound: Number) -> pl.Series:
    """Usage up to the bound."""
    if isinstance(bound, int):
        return usage.clip(upper_bound=bound)
    used, limit = wide(usage), prorate.tall(bound, usage.len())
    return used.zip_with(used < limit, limit).cast(pl.Int64)


def charge(settings: TieredSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per tier that holds usage: the usage between its bounds × its price."""
    usage = slices.number(component, Determinant(settings.quantity, "usage"))
    usage = prorate.slice_usage(usage, slices)
    count = None
    if settings.times is not None:
        count = slices.number(component, Determinant(settings.times, "count"))
    parts: list[Part] = []
    below = usage * 0
    for number, tier in enumerate(settings.tiers, start=1):
        top = usage
        if tier.up_to is not None:
            top = _under(usage, prorate.tier_bound(quantity_units(tier.up_to), count=count, slices=slices))
        quantity, price = top - below, price_units(tier.price)
        amount = prorate.at_price(slices, component=component, quantity=quantity, price=price)
        parts.append(Part(quantity=quantity, price=price, amount=amount, part=number, keep=quantity != 0))
        below = top
    return parts
