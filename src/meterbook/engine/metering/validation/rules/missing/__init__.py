"""An expected read that did not come."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.figures import objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A scheduled read of a served point of which nothing came."""
    return objections(
        frame,
        pl.col("read").is_null() & pl.col("value").is_null() & pl.col("served"),
        what="missing",
        day=pl.col("read_on").dt.to_string("%Y-%m-%d"),
        previous=pl.col("previous_on").dt.to_string("%Y-%m-%d"),
    )


RULE = Rule(
    name="missing",
    title=N_("Missing read"),
    applies_to="reads",
    says={"missing": N_("No read came for %(day)s; the last one is of %(previous)s.")},
    find=find,
)
