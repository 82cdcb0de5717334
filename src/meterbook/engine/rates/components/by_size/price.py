"""A charge by size on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.by_size.settings import BySizeSettings
from meterbook.engine.rates.language.on_columns import looked_up, measured
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.rates.versions import Part, Slices


def charge(settings: BySizeSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per slice: the price of the size × count × share."""
    prices = looked_up(settings.prices, Determinant(settings.key, "key"), slices, component=component, charged=charged)
    count: pl.Series | int = QUANTITY_SCALE
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    return [prorate.flat(slices, component=component, price=prices, count=count, prorate=settings.prorate)]
