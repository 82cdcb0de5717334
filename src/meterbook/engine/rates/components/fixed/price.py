"""A fixed charge on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.fixed.settings import FixedSettings
from meterbook.engine.rates.language.on_columns import measured, price_of
from meterbook.engine.rates.terms import COUNT_LIMIT
from meterbook.engine.rates.versions import Part, Slices


def charge(settings: FixedSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per slice: price × count × share; a yearly price in equal parts, a daily one by days."""
    count: pl.Series | int = QUANTITY_SCALE
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    return [
        prorate.flat(
            slices,
            component=component,
            price=price_of(settings.price, slices, component=component, charged=charged),
            count=count,
            prorate=settings.prorate,
            divisor=settings.periods_per_year if settings.per == "year" else 1,
            by_day=settings.per == "day",
        )
    ]
