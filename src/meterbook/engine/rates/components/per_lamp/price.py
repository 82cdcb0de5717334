"""A charge per lamp on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.per_lamp.settings import PerLampSettings
from meterbook.engine.rates.fixed_point import price_units
from meterbook.engine.rates.terms import Determinant
from meterbook.engine.rates.versions import Part, Slices


def charge(
    settings: PerLampSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice: the price of the kind of lamp × lamps × share."""
    table = {lamp: price_units(price) for lamp, price in settings.prices.items()}
    prices = slices.looked_up(component, Determinant(settings.lamp, "key"), table)
    count = slices.number(component, Determinant(settings.count, "count"))
    return [prorate.flat(slices, component=component, price=prices, count=count, prorate=settings.prorate)]
