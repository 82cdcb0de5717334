"""Usage where nobody has an account."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage on a premise nobody has an account for, at a meter that is not locked."""
    return objections(
        frame,
        (pl.col("quantity") > 0)
        & (pl.col("quantity") >= settings["least"])
        & ~pl.col("occupied")
        & ~pl.col("locked")
        & (pl.col("channel") != "received"),
        what="vacant",
        usage=exact(pl.col("quantity")),
        unit=pl.col("unit"),
        days=pl.col("days"),
    )


RULE = Rule(
    name="vacant",
    title=N_("Usage on a vacant premise"),
    applies_to="reads",
    says={"vacant": N_("%(usage)s %(unit)s were used in %(days)s days where nobody has an account.")},
    find=find,
    parameters=(
        Parameter("least", "quantity", Decimal("0.5"), N_("Less usage than this in a period is no objection"),
                  default_energy=Decimal(10)),
    ),
)  # fmt: skip
