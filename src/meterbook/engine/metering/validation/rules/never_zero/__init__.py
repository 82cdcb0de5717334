"""Water that never stops running."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Days in a row in which no interval was without flow, and the lowest adds up to something in a day."""
    leak = pl.col("lowest").cast(pl.Int128) * pl.col("expected")
    whole = (pl.col("found") >= pl.col("expected")) & (pl.col("zero") == 0)
    return objections(
        frame,
        whole & (pl.col("days_never_zero") >= settings["days"]) & (pl.col("lowest") > 0) & (leak >= settings["least"]),
        what="leak",
        days=pl.col("days_never_zero"),
        daily=exact(leak),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="never_zero",
    title=N_("Flow that never stops"),
    applies_to="intervals",
    says={"leak": N_("Flow has not stopped for %(days)s days: at least %(daily)s %(unit)s a day run all the time.")},
    find=find,
    parameters=(
        Parameter("days", "count", Decimal(3), N_("So many days in a row without a rest"), low=Decimal(1)),
        Parameter("least", "quantity", Decimal("0.05"), N_("A smaller flow in a day is no objection"),
                  default_energy=Decimal(1)),
    ),
)  # fmt: skip
