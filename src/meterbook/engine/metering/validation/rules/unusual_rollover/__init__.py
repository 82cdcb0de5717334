"""A register that passed 0 with more usage than is plausible."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.expectation import (
    BASES,
    JUDGING,
    is_high,
    usage_of,
    whole_range,
    with_expected,
)
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A fall by half the dials or more whose usage as a rollover is far from what was expected."""
    known = with_expected(frame).with_columns(rolled=usage_of(pl.col("value")))
    fall = pl.col("previous_value") - pl.col("value")
    fell = (fall > 0) & ((fall.cast(pl.Int128) * 2 >= whole_range()) | pl.col("rollover"))
    far = is_high(settings, quantity=pl.col("rolled"))
    refused = pl.col("problem") == "rollover_implausible"
    return objections(
        known,
        fell & (far | refused).fill_null(value=False),
        what=pl.when(pl.col("expected").is_null()).then(pl.lit("alone")).otherwise(pl.lit("rollover")),
        previous=exact(pl.col("previous_value")),
        value=exact(pl.col("value")),
        usage=exact(pl.col("rolled")),
        unit=pl.col("unit"),
        expected=exact(pl.col("at_most") // 10_000 * 10_000),
        basis=pl.col("basis"),
    )


RULE = Rule(
    name="unusual_rollover",
    title=N_("Unusual rollover"),
    applies_to="reads",
    says={
        "rollover": N_(
            "From %(previous)s to %(value)s the register would have passed 0 with %(usage)s %(unit)s; "
            "about %(expected)s was expected, going by %(basis)s."
        ),
        "alone": N_("From %(previous)s to %(value)s the register would have passed 0 with %(usage)s %(unit)s."),
    },
    terms=BASES,
    find=find,
    parameters=JUDGING,
)
