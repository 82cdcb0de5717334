"""Intervals that did not come."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.days import changed_clock_unnoticed
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A local day of which fewer intervals came than it has."""
    lacking = pl.col("expected") - pl.col("found")
    return objections(
        frame,
        (lacking >= settings["least"]) & ~changed_clock_unnoticed(),
        what="missing",
        lacking=lacking,
        expected=pl.col("expected"),
    )


RULE = Rule(
    name="missing_intervals",
    title=N_("Missing intervals"),
    applies_to="intervals",
    says={"missing": N_("%(lacking)s of the day's %(expected)s intervals did not come.")},
    find=find,
    parameters=(Parameter("least", "count", Decimal(1), N_("So many missing intervals in a day"), low=Decimal(1)),),
)
