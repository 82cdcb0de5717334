"""A read with a digit too many, or one too few."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.digits import digits_of, places, target, with_best, with_digit, without_digit
from meterbook.engine.metering.validation.expectation import JUDGING, WITHIN, is_wrong, whole_range, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """More digits than dials, other dials than on record, or a digit more or less that would make it plausible."""
    beyond = (pl.col("value") >= whole_range()) | (pl.col("value") < 0)
    dials = pl.col("source_dials") != pl.col("dials")
    known = with_expected(frame).with_columns(
        beyond=beyond.fill_null(value=False), dials_differ=dials.fill_null(value=False)
    )
    judged = known.filter(is_wrong(settings) | pl.col("beyond") | pl.col("dials_differ"))
    count = places(judged)
    longer = digits_of("value") > digits_of(target())
    shorter = digits_of("value") < digits_of(target())
    judged = with_best(judged, [pl.when(longer).then(value) for value in without_digit(count)], settings, name="less")
    judged = with_best(judged, [pl.when(shorter).then(value) for value in with_digit(count)], settings, name="more")
    return objections(
        judged,
        pl.col("beyond") | pl.col("dials_differ") | pl.col("less").is_not_null() | pl.col("more").is_not_null(),
        what=pl.when(pl.col("less").is_not_null())
        .then(pl.lit("extra"))
        .when(pl.col("beyond"))
        .then(pl.lit("beyond"))
        .when(pl.col("dials_differ"))
        .then(pl.lit("dials"))
        .otherwise(pl.lit("missing")),
        value=exact(pl.col("value")),
        dials=pl.col("dials"),
        source_dials=pl.col("source_dials"),
        proposed=exact(pl.coalesce("less", "more")),
    )


RULE = Rule(
    name="dial_count",
    title=N_("Digits and dials"),
    applies_to="reads",
    says={
        "beyond": N_("%(value)s has more digits than the register's %(dials)s dials can show."),
        "dials": N_("The source says %(source_dials)s dials, on record are %(dials)s."),
        "extra": N_("%(value)s has a digit too many: %(proposed)s would be plausible."),
        "missing": N_("%(value)s lacks a digit: %(proposed)s would be plausible."),
    },
    find=find,
    parameters=(*JUDGING, WITHIN),
)
