"""A charge by size on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.by_size.settings import BySizeSettings
from meterbook.engine.rates.fixed_point import price_units
from meterbook.engine.rates.terms import Determinant
from meterbook.engine.rates.versions import Part, Slices


def charge(settings: BySizeSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per slice: the price of the size × count × share."""
    table = {size: price_units(price) for size, price in settings.prices.items()}
    prices = slices.looked_up(component, Determinant(settings.key, "key"), table)
    count: pl.Series | int = QUANTITY_SCALE
    if settings.times is not None:
        count = slices.number(component, Determinant(settings.times, "count"))
    return [prorate.flat(slices, component=component, price=prices, count=count, prorate=settings.prorate)]
