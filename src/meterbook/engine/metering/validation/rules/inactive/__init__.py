"""Usage where no service is."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage at a meter that is locked or shut off, or at a point without an agreement although somebody lives there."""
    unserved = ~pl.col("served") & pl.col("occupied")
    return objections(
        frame,
        (pl.col("quantity") > 0)
        & (pl.col("quantity") >= settings["least"])
        & (pl.col("locked") | unserved)
        & (pl.col("channel") != "received"),
        what=pl.when(pl.col("locked")).then(pl.lit("locked")).otherwise(pl.lit("unserved")),
        usage=exact(pl.col("quantity")),
        unit=pl.col("unit"),
        days=pl.col("days"),
    )


RULE = Rule(
    name="inactive",
    title=N_("Usage on an inactive meter"),
    applies_to="reads",
    says={
        "locked": N_("%(usage)s %(unit)s were used in %(days)s days at a meter that is locked or shut off."),
        "unserved": N_("%(usage)s %(unit)s were used in %(days)s days without an agreement for this service."),
    },
    find=find,
    parameters=(
        Parameter("least", "quantity", Decimal("0.5"), N_("Less usage than this in a period is no objection"),
                  default_energy=Decimal(10)),
    ),
)  # fmt: skip
