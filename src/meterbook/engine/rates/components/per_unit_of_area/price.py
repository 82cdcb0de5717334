"""A charge per unit of area on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.per_unit_of_area.settings import AREA_LIMIT, PerUnitOfAreaSettings
from meterbook.engine.rates.fixed_point import half_up, price_units, quantity_units, times
from meterbook.engine.rates.versions import Part, Slices


def charge(
    settings: PerUnitOfAreaSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice: units of area, rounded as the ordinance says, × price × share."""
    area = slices.area(component, settings.area, int(AREA_LIMIT) * QUANTITY_SCALE)
    size, divisor = quantity_units(settings.unit_size), 1
    if settings.rounding == "ceil":
        count = (area + (size - 1)) // size * QUANTITY_SCALE
    elif settings.rounding == "half_up":
        count = half_up(times(area), size).cast(pl.Int64) * QUANTITY_SCALE
    else:
        count, divisor = times(area, QUANTITY_SCALE), size
    price = price_units(settings.price)
    return [
        prorate.flat(slices, component=component, price=price, count=count, prorate=settings.prorate, divisor=divisor)
    ]
