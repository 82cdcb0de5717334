"""No usage where there usually is some."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The first period without usage of a register that usually counts, on a served and occupied point."""
    expected = pl.coalesce(
        pl.col("season_quantity") * 30 // pl.col("season_days"), pl.col("year_quantity") * 30 // pl.col("year_days")
    )
    silent = (pl.col("quantity") == 0) & (pl.col("zero_streak") == 0) & (pl.col("days") >= settings["days"])
    usual = pl.col("served") & pl.col("occupied") & ~pl.col("locked") & (pl.col("channel") != "received")
    return objections(
        frame,
        silent & usual & (expected >= settings["least"]),
        what="zero",
        days=pl.col("days"),
        usual=exact(expected),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="zero",
    title=N_("No usage"),
    applies_to="reads",
    says={"zero": N_("Nothing was used in %(days)s days; usually it is about %(usual)s %(unit)s in 30 days.")},
    find=find,
    parameters=(
        Parameter("days", "count", Decimal(15), N_("Periods shorter than this many days are not judged")),
        Parameter("least", "quantity", Decimal("0.5"), N_("Usual usage in 30 days below this is not judged"),
                  default_energy=Decimal(30)),
    ),
)  # fmt: skip
