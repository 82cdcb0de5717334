"""Usage of `year_quantity` over `year_days`, for every row at once."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import OnColumns


def daily(settings: Settings) -> OnColumns:
    """The exact quotient of quantity and days; enough from ``minimum_days`` on."""
    quantity, days = pl.col("year_quantity"), pl.col("year_days")
    enough = (quantity >= 0) & (days >= settings.minimum_days)
    return OnColumns(enough, quantity.cast(pl.Int128), days.cast(pl.Int128), days)
