"""The register fell, and did not roll over."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.expectation import whole_range
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A read below the one before by less than half the dials; more than that looks like a rollover."""
    fall = pl.col("previous_value") - pl.col("value")
    fell = (fall > 0) & ~pl.col("rollover") & (fall.cast(pl.Int128) * 2 < whole_range())
    after_estimate = pl.col("previous_estimated").fill_null(value=False)
    return objections(
        frame,
        fell,
        what=pl.when(after_estimate).then(pl.lit("estimate")).otherwise(pl.lit("fell")),
        previous=exact(pl.col("previous_value")),
        value=exact(pl.col("value")),
        fall=exact(fall),
        unit=pl.col("unit"),
    )


RULE = Rule(
    name="negative",
    title=N_("Read below the one before"),
    applies_to="reads",
    says={
        "fell": N_("The register fell from %(previous)s to %(value)s, by %(fall)s, and it cannot have rolled over."),
        "estimate": N_("The read %(value)s is %(fall)s below the estimate before it (%(previous)s): it was too high."),
    },
    find=find,
)
