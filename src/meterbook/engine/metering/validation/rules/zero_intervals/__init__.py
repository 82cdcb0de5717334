"""A day without any usage where there usually is some."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A whole day at zero, against the last four days of the same weekday."""
    return objections(
        frame,
        (pl.col("found") > 0)
        & (pl.col("zero") >= pl.col("found"))
        & (pl.col("sum") == 0)
        & (pl.col("usual_daily") >= settings["least"])
        & ~pl.col("solar"),
        what="zero",
        usual=exact(pl.col("usual_daily")),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="zero_intervals",
    title=N_("A day without usage"),
    applies_to="intervals",
    says={"zero": N_("All intervals of the day are zero; on this weekday about %(usual)s %(unit)s are usual.")},
    find=find,
    parameters=(
        Parameter("least", "quantity", Decimal("0.1"), N_("Channels that count less than this in a day are not judged"),
                  default_energy=Decimal(3)),
    ),
)  # fmt: skip
