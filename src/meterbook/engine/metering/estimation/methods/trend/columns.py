"""Last year's same days times the class's change since, for every row at once."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import OnColumns
from meterbook.engine.quantity import QUANTITY_SCALE, scaled


def daily(settings: Settings) -> OnColumns:
    """Own usage ÷ days × the class's usage this year ÷ last year; enough where the change is within the limits."""
    quantity, days = pl.col("season_quantity").cast(pl.Int128), pl.col("season_days")
    now, then = pl.col("class_this_year").cast(pl.Int128), pl.col("class_last_year").cast(pl.Int128)
    low, high = scaled(settings.trend_low), scaled(settings.trend_high)
    within = (now * QUANTITY_SCALE).is_between(then * low, then * high)
    enough = (quantity >= 0) & (days >= settings.minimum_days) & (then > 0) & within
    return OnColumns(enough, quantity * now, days.cast(pl.Int128) * then, days)
