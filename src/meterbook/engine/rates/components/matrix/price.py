"""A charge from a table on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.rates import prorate
from meterbook.engine.rates.components.matrix.settings import MatrixSettings
from meterbook.engine.rates.fixed_point import price_units
from meterbook.engine.rates.language.on_columns import measured
from meterbook.engine.rates.terms import COUNT_LIMIT, Determinant
from meterbook.engine.rates.versions import Part, Slices


def charge(settings: MatrixSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]) -> list[Part]:
    """One line per slice: the price in the row and column × count × share."""
    wide = len(settings.heads)
    rows = {key: at * wide for at, key in enumerate(settings.prices)}
    columns = {key: at for at, key in enumerate(settings.heads)}
    row = slices.looked_up(component, Determinant(settings.rows, "key"), rows)
    column = slices.looked_up(component, Determinant(settings.columns, "key"), columns)
    cells = pl.Series([price_units(cell) for cells in settings.prices.values() for cell in cells], dtype=pl.Int64)
    prices = cells.gather(row + column)
    count: pl.Series | int = QUANTITY_SCALE
    if settings.times is not None:
        count = measured(settings.times, slices, component=component, charged=charged, limit=COUNT_LIMIT)
    return [prorate.flat(slices, component=component, price=prices, count=count, prorate=settings.prorate)]
