"""One interval far above the rest of its day."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections, ratio
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A highest interval that exceeds the third highest by more than the threshold, and the usual interval by far."""
    highest, third = pl.col("highest").cast(pl.Int128), pl.col("third_highest").cast(pl.Int128)
    above = (highest - third) * QUANTITY_SCALE > third * settings["threshold"]
    usual = pl.col("usual_daily").cast(pl.Int128)
    far = highest * pl.col("expected") * QUANTITY_SCALE > usual * settings["usual"]
    return objections(
        frame,
        above & far.fill_null(value=True) & (highest - third >= settings["least"]),
        what="spike",
        highest=exact(highest),
        third=exact(third),
        unit=pl.col("unit"),
        percent=ratio((highest - third) * 100, third, decimals=0),
    )


RULE = Rule(
    name="spike",
    title=N_("Spike"),
    applies_to="intervals",
    says={"spike": N_("One interval counts %(highest)s %(unit)s, the third highest of the day %(third)s.")},
    find=find,
    parameters=(
        Parameter("threshold", "share", Decimal("1.8"), N_("How far the highest may exceed the third highest"),
                  high=Decimal(1000)),
        Parameter("usual", "share", Decimal(4), N_("Up to this many usual intervals are no spike"), high=Decimal(1000)),
        Parameter("least", "quantity", Decimal("0.3"), N_("A smaller excess in one interval is no objection"),
                  default_energy=Decimal("0.5")),
    ),
)  # fmt: skip
