"""A clock that is off, or that does not know summer time."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.days import changed_clock_unnoticed
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A drift beyond the limit, intervals that start off the grid, or a day of 23 or 25 hours told as one of 24."""
    drift = (pl.col("drift_seconds").abs() > settings["seconds"]).fill_null(value=False)
    step = pl.col("out_of_step") >= settings["off_grid"]
    changed = changed_clock_unnoticed()
    return objections(
        frame,
        drift | step | changed,
        what=pl.when(drift).then(pl.lit("drift")).when(changed).then(pl.lit("changed")).otherwise(pl.lit("step")),
        seconds=pl.col("drift_seconds"),
        count=pl.col("out_of_step"),
        found=pl.col("found"),
        expected=pl.col("expected"),
        duplicated=pl.col("duplicated"),
    )


RULE = Rule(
    name="clock_drift",
    title=N_("Clock"),
    applies_to="intervals",
    says={
        "drift": N_("The meter's clock is off by %(seconds)s seconds."),
        "changed": N_(
            "On the day the clocks changed %(found)s intervals came for %(expected)s, and %(duplicated)s twice: "
            "the meter did not change its clock."
        ),
        "step": N_("%(count)s intervals do not start where intervals start."),
    },
    find=find,
    parameters=(
        Parameter("seconds", "count", Decimal(180), N_("A clock may be off by so many seconds")),
        Parameter("off_grid", "count", Decimal(1), N_("So many intervals off the grid are too many"), low=Decimal(1)),
    ),
)
