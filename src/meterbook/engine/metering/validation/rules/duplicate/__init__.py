"""A second read of a day."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.expectation import JUDGING, is_wrong, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_

_DAY = ("register", "read_on")


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A read of a day that has one on record, or that comes several times at once."""
    known = with_expected(frame).filter(pl.col("value").is_not_null())
    known = known.filter(pl.col("on_record").is_not_null() | known.select(_DAY).is_duplicated())
    known = known.with_columns(wrong=is_wrong(settings), times=pl.len().over(_DAY))
    same = pl.col("value").n_unique().over(_DAY) == 1
    order = pl.struct(pl.col("read_at"), "row").rank("ordinal").over(_DAY)
    trusted = (~pl.col("wrong")).sum().over(_DAY) == 1
    recorded = pl.col("on_record").is_not_null()
    # Of equal ones the first stands; of different ones the only plausible one; otherwise nobody knows, and all wait.
    again = (pl.col("times") > 1) & pl.when(same).then(order > 1).otherwise(~trusted | pl.col("wrong"))
    return objections(
        known,
        recorded | again,
        what=pl.when(recorded & (pl.col("on_record") == pl.col("value")))
        .then(pl.lit("repeated"))
        .when(recorded)
        .then(pl.lit("second"))
        .otherwise(pl.lit("several")),
        value=exact(pl.col("value")),
        on_record=exact(pl.col("on_record")),
        times=pl.col("times"),
        day=pl.col("read_on").dt.to_string("%Y-%m-%d"),
    )


RULE = Rule(
    name="duplicate",
    title=N_("Duplicate read"),
    applies_to="reads",
    says={
        "repeated": N_("%(value)s is on record for %(day)s already."),
        "second": N_("%(value)s is a second value for %(day)s; on record is %(on_record)s."),
        "several": N_("%(times)s reads came for %(day)s; this one says %(value)s."),
    },
    find=find,
    parameters=JUDGING,
)
