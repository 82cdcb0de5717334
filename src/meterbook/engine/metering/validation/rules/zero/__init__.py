"""No usage where there usually is some."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.expectation import BASES, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The first period without usage of a register that counts in this season, on a served and occupied point."""
    known = with_expected(frame).filter(pl.col("quantity") == 0)
    usual = pl.col("expected") * 30 // pl.col("period")
    silent = (pl.col("quantity") == 0) & (pl.col("zero_streak") == 0) & (pl.col("period") >= settings["days"])
    lived_in = pl.col("served") & pl.col("occupied") & ~pl.col("locked") & (pl.col("channel") != "received")
    never_before = pl.col("low_daily").is_null() | (pl.col("low_daily") > 0)
    return objections(
        known,
        silent & lived_in & never_before & (usual >= settings["least"]) & (pl.col("basis") != "class"),
        what="zero",
        days=pl.col("period"),
        usual=exact(usual // 10_000 * 10_000),
        unit=pl.col("unit"),
        basis=pl.col("basis"),
    )


RULE = Rule(
    name="zero",
    title=N_("No usage"),
    applies_to="reads",
    says={
        "zero": N_("Nothing was used in %(days)s days; going by %(basis)s it is about %(usual)s %(unit)s in 30 days.")
    },
    terms=BASES,
    find=find,
    parameters=(
        Parameter("days", "count", Decimal(15), N_("Shorter periods, in days, are not judged")),
        Parameter("least", "quantity", Decimal(1), N_("Registers that count less than this in 30 days are not judged"),
                  default_energy=Decimal(50)),
    ),
)  # fmt: skip
