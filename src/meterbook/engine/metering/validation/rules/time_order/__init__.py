"""A read that is older than the last accepted one."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A read taken before the one it follows, by its instant or its day."""
    instant = pl.col("read_at") < pl.col("earlier_at")
    day = pl.col("read_on") < pl.col("previous_on")
    return objections(
        frame.filter(pl.col("value").is_not_null()),
        day.fill_null(value=False) | instant.fill_null(value=False),
        what="older",
        day=pl.col("read_on").dt.to_string("%Y-%m-%d"),
        previous=pl.coalesce(
            pl.col("previous_on").dt.to_string("%Y-%m-%d"), pl.col("earlier_at").dt.to_string("%Y-%m-%d")
        ),
    )


RULE = Rule(
    name="time_order",
    title=N_("Order of reads"),
    applies_to="reads",
    says={"older": N_("The read of %(day)s is older than the last accepted one, of %(previous)s.")},
    find=find,
)
