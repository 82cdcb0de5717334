"""Usage of `season_quantity` over `season_days`, for every row at once."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import OnColumns


def daily(settings: Settings) -> OnColumns:
    """The exact quotient of quantity and days; enough from ``minimum_days`` on."""
    quantity, days = pl.col("season_quantity"), pl.col("season_days")
    enough = (quantity >= 0) & (days >= settings.minimum_days)
    return OnColumns(enough, quantity.cast(pl.Int128), days.cast(pl.Int128), days)
