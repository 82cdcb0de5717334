"""More than a meter of that size can pass."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage above the size's limit a day times the days of the period."""
    most = pl.col("limit_daily").cast(pl.Int128) * pl.col("days")
    return objections(
        frame,
        pl.col("quantity").cast(pl.Int128) > most,
        what="limit",
        usage=exact(pl.col("quantity")),
        unit=pl.col("unit"),
        days=pl.col("days"),
        most=exact(most),
        size=pl.col("size"),
    )


RULE = Rule(
    name="above_limit",
    title=N_("More than the meter can pass"),
    applies_to="reads",
    says={"limit": N_("%(usage)s %(unit)s in %(days)s days: a meter of size %(size)s can pass at most %(most)s.")},
    find=find,
)
