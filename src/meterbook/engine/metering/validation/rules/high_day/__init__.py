"""A day far above the usual."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A day's sum above ``high`` times that of the last four days of the same weekday."""
    total, usual = pl.col("sum").cast(pl.Int128), pl.col("usual_daily").cast(pl.Int128)
    return objections(
        frame,
        (total * QUANTITY_SCALE > usual * settings["high"]) & (total - usual >= settings["least"]),
        what="high",
        usage=exact(total),
        usual=exact(usual),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="high_day",
    title=N_("A day of high usage"),
    applies_to="intervals",
    says={"high": N_("%(usage)s %(unit)s on this day; on this weekday about %(usual)s are usual.")},
    find=find,
    parameters=(
        Parameter("high", "share", Decimal(4), N_("Above this many times the usual day"), low=Decimal(1)),
        Parameter("least", "quantity", Decimal(1), N_("A smaller difference in a day is no objection"),
                  default_energy=Decimal(40)),
    ),
)  # fmt: skip
