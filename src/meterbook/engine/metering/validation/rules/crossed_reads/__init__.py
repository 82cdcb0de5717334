"""Two reads of a route stand at each other's meter."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings
from meterbook.engine.metering.validation.expectation import (
    JUDGING,
    fits,
    is_wrong,
    usage_of,
    with_expected,
)
from meterbook.engine.metering.validation.figures import exact, objections
from meterbook.engine.quantity import QUANTITY_SCALE
from meterbook.engine.trace import N_

#: Where more of a route is wrong than this, something else is, and no pair is told.
MOST_WRONG = 300
#: A pair of which one alone looks wrong is told only for neighbours.
_NEIGHBOURS = 3
_TOGETHER = ("route", "commodity", "unit")
_SHARED = (
    "row", "register", "sequence", "value", "previous_value", "dials", "multiplier", "at_least", "at_most", "wide",
    "wrong",
)  # fmt: skip


def find(frame: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Pairs of reads of the same route and day's work that are both plausible once they are exchanged."""
    known = with_expected(frame).filter(
        pl.col("route").is_not_null() & pl.col("value").is_not_null() & pl.col("previous_value").is_not_null()
    )
    known = known.with_columns(wrong=is_wrong(settings)).filter(pl.col("wrong").sum().over(_TOGETHER) <= MOST_WRONG)
    pairs = _pairs(known, settings)
    told = pairs.with_columns(best=pl.col("off").rank("ordinal").over("row")).filter(pl.col("best") == 1)
    return objections(
        told.select("row", "value", "value_other", "register_other"),
        pl.lit(value=True),
        what="crossed",
        value=exact(pl.col("value")),
        proposed=exact(pl.col("value_other")),
        partner=pl.col("register_other"),
    )


def _pairs(known: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Both directions of every pair, with how far both would be ``off`` what was expected."""
    shared = known.select(*_TOGETHER, *_SHARED)
    mine = shared.filter("wrong")
    both_wrong = mine.join(mine, on=_TOGETHER, suffix="_other")
    beside = mine.with_columns(near=pl.lit([step for step in range(-_NEIGHBOURS, _NEIGHBOURS + 1) if step]))
    beside = beside.explode("near").with_columns(near=pl.col("near") + pl.col("sequence"))
    one_wrong = beside.join(
        shared.filter(~pl.col("wrong")).with_columns(near="sequence"), on=(*_TOGETHER, "near"), suffix="_other"
    )
    joined = pl.concat([both_wrong, one_wrong.select(both_wrong.columns)])
    joined = joined.filter(pl.col("register") != pl.col("register_other"))
    forth = _exchanged(joined, settings)
    back = _exchanged(_turned(joined), settings).select(
        pl.col("row").alias("row_other"), pl.col("row_other").alias("row"), pl.col("off").alias("off_other")
    )
    both = forth.join(back, on=("row", "row_other")).with_columns(off=pl.col("off") + pl.col("off_other"))
    turned = _turned(both)
    return (
        pl.concat([both.select(sorted(both.columns)), turned.select(sorted(both.columns))])
        .unique(["row", "row_other"])
        .sort("row", "off", "row_other")
    )


def _exchanged(pairs: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Those whose own register would be plausible with the other's value."""
    usage = usage_of(pl.col("value_other"))
    middle = (pl.col("at_least") + pl.col("at_most")) // 2
    off = (usage - middle).abs() * QUANTITY_SCALE // (middle + 1)
    return pairs.filter(fits(usage, settings["within"])).with_columns(off=off)


def _turned(pairs: pl.DataFrame) -> pl.DataFrame:
    """The same pairs seen from the other side."""
    names = {name: f"{name}_other" for name in _SHARED}
    names |= {other: name for name, other in names.items()}
    return pairs.rename({name: names[name] for name in pairs.columns if name in names})


RULE = Rule(
    name="crossed_reads",
    title=N_("Crossed reads"),
    applies_to="reads",
    says={
        "crossed": N_(
            "%(value)s may be the read of register %(partner)s, whose read %(proposed)s fits here: exchanged, both are "
            "plausible."
        )
    },
    find=find,
    parameters=(
        *JUDGING,
        Parameter("within", "share", Decimal("0.5"), N_("An exchanged value may mean usage this share off"),
                  high=Decimal(1)),
    ),
    compares_rows=True,
)  # fmt: skip
