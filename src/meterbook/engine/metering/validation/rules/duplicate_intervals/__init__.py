"""Intervals that came twice."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.days import changed_clock_unnoticed
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A local day with several values for the same interval."""
    return objections(
        frame,
        (pl.col("duplicated") >= settings["least"]) & ~changed_clock_unnoticed(),
        what="twice",
        count=pl.col("duplicated"),
    )


RULE = Rule(
    name="duplicate_intervals",
    title=N_("Duplicate intervals"),
    applies_to="intervals",
    says={"twice": N_("%(count)s intervals of the day came more than once.")},
    find=find,
    parameters=(Parameter("least", "count", Decimal(1), N_("So many duplicates in a day"), low=Decimal(1)),),
)
