"""What a wrong decision may cost: how far usage lies from what was expected, at the worth the policy gives a unit."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.configure import Configured
from meterbook.engine.quantity import QUANTITY_SCALE

_MOST_CENTS = 10**15


def at_stake(frame: pl.DataFrame, rules: Configured | None) -> pl.Expr:
    """Cents, rounded half up; 0 where nobody says what a unit is worth.

    ``frame``: commodity, unit, found and expected (millionths of the unit; null counts as 0).
    """
    off = (pl.col("found").fill_null(0).cast(pl.Int128) - pl.col("expected").fill_null(0).cast(pl.Int128)).abs()
    cents = pl.lit(0, dtype=pl.Int128)
    for commodity, unit in frame.select("commodity", "unit").unique().iter_rows():
        worth = rules.worth(commodity, unit) if rules and unit is not None else None
        if worth is not None:
            over, under = worth.numerator * 100, worth.denominator * QUANTITY_SCALE
            amount = (off * over * 2 + under) // (under * 2)
            mine = (pl.col("commodity") == commodity) & (pl.col("unit") == unit)
            cents = pl.when(mine).then(amount).otherwise(cents)
    return cents.clip(0, _MOST_CENTS).cast(pl.Int64)
