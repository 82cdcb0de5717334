"""A service that costs far more, or far less, than it did."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, at_pace, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import FACTOR, Setting
from meterbook.engine.trace import N_


def beyond(value: pl.Expr, usual: pl.Expr, setting: Setting, least: pl.Expr) -> pl.Expr:
    """Whether a value left its usual range: by the factor and by the least difference, both at once."""
    value, usual = value.cast(pl.Int128), usual.cast(pl.Int128)
    up = (value * FACTOR > usual * setting.numbers["up"]) & (value - usual >= least)
    down = (value * FACTOR < usual * setting.numbers["down"]) & (usual - value >= least)
    return up | down


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Beyond the range against the last bill and against last year's, as far as there were any, day for day.

    A summer's bill that is like last summer's is not marked, however far it is from spring's.
    """
    rows = cycle.beside().with_columns(at_last=at_pace("cents", "last"), at_year=at_pace("cents", "year"))
    least = pl.lit(setting.numbers["least"])
    out = pl.all_horizontal(
        beyond(pl.col("cents"), pl.col(f"at_{name}"), setting, least).fill_null(value=True) for name in ("last", "year")
    )
    some = pl.col("at_last").is_not_null() | pl.col("at_year").is_not_null()
    rows = rows.filter(out & some & ~pl.col("first"))
    by_last = pl.col("at_last").is_not_null()
    usual = pl.coalesce("at_last", "at_year")
    return marks(
        rows, "amount", measure="cents", figure=pl.col("cents"), compared=usual, cents=pl.col("cents") - usual,
        against=pl.when(by_last).then(pl.lit("last")).otherwise(pl.lit("year")),
        details={
            "days": pl.col("days"),
            "before": pl.when(by_last).then("last_cents").otherwise("year_cents"),
            "before_days": pl.when(by_last).then("last_days").otherwise("year_days"),
        },
    )  # fmt: skip


MARK = Mark(
    name="amount",
    title=N_("Amount"),
    says={
        "last": N_(
            "%(service)s: %(figure)s for %(days)s days. The last bill was %(before)s for %(before_days)s days, which "
            "makes %(compared)s for as many."
        ),
        "year": N_(
            "%(service)s: %(figure)s for %(days)s days. A year ago it was %(before)s for %(before_days)s days, which "
            "makes %(compared)s for as many."
        ),
    },
    find=find,
    kinds={"before": "cents"},
)
