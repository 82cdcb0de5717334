"""A register of energy sent back where nobody generates any."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage on a receiving register without solar on record."""
    return objections(
        frame,
        (pl.col("channel") == "received") & ~pl.col("solar") & (pl.col("quantity") > settings["least"]),
        what="reverse",
        usage=exact(pl.col("quantity")),
        unit=pl.col("unit"),
        days=pl.col("days"),
    )


RULE = Rule(
    name="reverse_usage",
    title=N_("Sent back without solar"),
    applies_to="reads",
    says={"reverse": N_("%(usage)s %(unit)s were sent back in %(days)s days; no generation is on record.")},
    find=find,
    parameters=(
        Parameter("least", "quantity", Decimal("0.1"), N_("Up to this much is no objection"),
                  default_energy=Decimal(5)),
    ),
)  # fmt: skip
