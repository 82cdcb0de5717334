"""A meter that counted far more, or far less, than it did."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, at_pace, half_up, marks
from meterbook.engine.billing.register.marks.amount import beyond
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_

_ANY = 10**18
#: What an earlier bill's pace is rounded to: hundredths of the unit, as people read it.
_SHOWN = 10_000


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Beyond the range against the last bill and against last year's, day for day; services with no least are left.

    At stake is the difference at this bill's average price a unit.
    """
    rows = cycle.beside().filter(pl.col("usage").is_not_null())
    least = pl.col("commodity").replace_strict(setting.least, default=_ANY, return_dtype=pl.Int64)
    rows = rows.with_columns(at_last=at_pace("usage", "last"), at_year=at_pace("usage", "year"))
    out = pl.all_horizontal(
        beyond(pl.col("usage"), pl.col(f"at_{name}"), setting, least).fill_null(value=True) for name in ("last", "year")
    )
    some = pl.col("at_last").is_not_null() | pl.col("at_year").is_not_null()
    rows = rows.filter(out & some & ~pl.col("first"))
    by_last = pl.col("at_last").is_not_null()
    usual = half_up(pl.coalesce("at_last", "at_year"), pl.lit(_SHOWN)) * _SHOWN
    more = (pl.col("usage") - usual).cast(pl.Int128) * pl.col("cents")
    priced = pl.when(pl.col("usage") > 0).then(half_up(more, pl.max_horizontal("usage", pl.lit(1))))
    before = pl.when(by_last).then("last_cents").otherwise("year_cents")
    return marks(
        rows, "usage", measure="usage", figure=pl.col("usage"), compared=usual,
        cents=priced.otherwise(pl.col("cents") - before),
        against=pl.when(by_last).then(pl.lit("last")).otherwise(pl.lit("year")),
        details={
            "days": pl.col("days"),
            "before": pl.when(by_last).then("last_usage").otherwise("year_usage"),
            "before_days": pl.when(by_last).then("last_days").otherwise("year_days"),
        },
    )  # fmt: skip


MARK = Mark(
    name="usage",
    title=N_("Usage"),
    says={
        "last": N_(
            "%(service)s: %(figure)s in %(days)s days. On the last bill it was %(before)s in %(before_days)s days, "
            "which makes %(compared)s in as many."
        ),
        "year": N_(
            "%(service)s: %(figure)s in %(days)s days. A year ago it was %(before)s in %(before_days)s days, which "
            "makes %(compared)s in as many."
        ),
    },
    find=find,
    kinds={"before": "usage"},
)
