"""Usage of `class_daily`, for every row at once."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.estimation.configure import Settings
from meterbook.engine.metering.estimation.evidence import OnColumns


def daily(settings: Settings) -> OnColumns:
    """The class's usage a day, where it has one."""
    usual = pl.col("class_daily")
    return OnColumns(usual >= 0, usual.cast(pl.Int128), pl.lit(1, dtype=pl.Int128), pl.lit(None, dtype=pl.Int32))
