"""Intervals below zero."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A day with intervals that say less than nothing passed."""
    return objections(
        frame,
        pl.col("negative") >= settings["least"],
        what="negative",
        count=pl.col("negative"),
        lowest=exact(pl.col("lowest")),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="negative_intervals",
    title=N_("Negative intervals"),
    applies_to="intervals",
    says={"negative": N_("%(count)s intervals of the day are below zero, down to %(lowest)s %(unit)s.")},
    find=find,
    parameters=(Parameter("least", "count", Decimal(1), N_("So many negative intervals in a day"), low=Decimal(1)),),
)
