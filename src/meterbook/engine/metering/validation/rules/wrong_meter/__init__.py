"""The read of another meter."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.expectation import JUDGING, is_wrong, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_

_TOGETHER = ("route", "commodity", "unit")


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A read that cannot be right, and is what exactly one other register of the route plausibly shows."""
    known = with_expected(frame).filter(pl.col("route").is_not_null() & (pl.col("value") > 0))
    known = known.with_columns(wrong=is_wrong(settings))
    wrong = known.filter("wrong")
    right = known.filter(~pl.col("wrong") & pl.col("expected").is_not_null() & pl.col("quantity").is_not_null())
    right = right.join(wrong, on=[*_TOGETHER, "value"], how="semi")
    right = right.group_by(*_TOGETHER, "value").agg(
        pl.col("register").n_unique().alias("owners"), pl.col("register").first().alias("partner")
    )
    told = wrong.join(right, on=[*_TOGETHER, "value"])
    return objections(
        told,
        (pl.col("owners") == 1) & (pl.col("partner") != pl.col("register")),
        what="other",
        value=exact(pl.col("value")),
        partner=pl.col("partner"),
    )


RULE = Rule(
    name="wrong_meter",
    title=N_("Read of another meter"),
    applies_to="reads",
    says={"other": N_("%(value)s cannot be of this meter; it is what register %(partner)s of the same route shows.")},
    find=find,
    parameters=JUDGING,
    compares_rows=True,
)
