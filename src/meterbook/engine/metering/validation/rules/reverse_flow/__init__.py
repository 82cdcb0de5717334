"""Flow the wrong way where nobody generates."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Reverse flow on a delivering channel without solar on record."""
    return objections(
        frame,
        (pl.col("received_sum") > settings["least"]) & ~pl.col("solar"),
        what="reverse",
        usage=exact(pl.col("received_sum")),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="reverse_flow",
    title=N_("Reverse flow"),
    applies_to="intervals",
    says={"reverse": N_("%(usage)s %(unit)s flowed back on this day; no generation is on record.")},
    find=find,
    parameters=(
        Parameter("least", "quantity", Decimal("0.05"), N_("Up to this much in a day is no objection"),
                  default_energy=Decimal(1)),
    ),
)  # fmt: skip
