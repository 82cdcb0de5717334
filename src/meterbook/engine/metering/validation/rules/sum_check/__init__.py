"""A register that disagrees with its own intervals."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections, ratio
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Usage of two reads against the sum of the intervals between them, where none is missing."""
    off = (pl.col("register_sum").cast(pl.Int128) - pl.col("quantity")).abs()
    allowed = pl.col("quantity").cast(pl.Int128) * settings["tolerance"]
    return objections(
        frame,
        (pl.col("interval_gaps") == 0) & (off * QUANTITY_SCALE > allowed) & (off >= settings["least"]),
        what="sum",
        usage=exact(pl.col("quantity")),
        sum=exact(pl.col("register_sum")),
        percent=ratio((pl.col("register_sum").cast(pl.Int128) - pl.col("quantity")) * 100, pl.col("quantity")),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="sum_check",
    title=N_("Register against intervals"),
    applies_to="reads",
    says={"sum": N_("The reads say %(usage)s %(unit)s, the intervals between them %(sum)s (%(percent)s percent).")},
    find=find,
    parameters=(
        Parameter("tolerance", "share", Decimal("0.01"), N_("How far the sum may be off, as a share of the usage"),
                  high=Decimal(1)),
        Parameter("least", "quantity", Decimal("0.02"), N_("A smaller difference is no objection"),
                  default_energy=Decimal(2)),
    ),
)  # fmt: skip
