"""Two neighbouring digits changed places."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.validation.contract import Rule, Settings
from meterbook.engine.metering.validation.digits import places, swapped, with_best
from meterbook.engine.metering.validation.expectation import BASES, JUDGING, WITHIN, is_wrong, with_expected
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.trace import N_


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """A read that cannot be right, and that swapping two neighbouring digits makes plausible."""
    known = with_expected(frame).filter(is_wrong(settings))
    known = with_best(known, swapped(places(known)), settings, name="proposed")
    return objections(
        known,
        pl.col("proposed").is_not_null(),
        what="transposed",
        value=exact(pl.col("value")),
        proposed=exact(pl.col("proposed")),
        expected=exact(pl.col("expected") // 10_000 * 10_000),
        unit=pl.col("unit"),
        basis=pl.col("basis"),
    )


RULE = Rule(
    name="transposed_digits",
    title=N_("Transposed digits"),
    applies_to="reads",
    says={
        "transposed": N_(
            "Two digits of %(value)s may have changed places: %(proposed)s would mean about the %(expected)s %(unit)s "
            "expected, going by %(basis)s."
        )
    },
    terms=BASES,
    find=find,
    parameters=(*JUDGING, WITHIN),
)
