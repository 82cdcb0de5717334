"""Nothing where something is expected: no usage, no charge, or less than none."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_


def find_usage(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """A meter that counted nothing, with what the last bill had; at stake is what the last bill charged more."""
    rows = cycle.beside().filter((pl.col("usage") == 0) & ~pl.col("exports"))
    before = pl.col("last_usage").fill_null(0)
    stake = (pl.col("last_cents") - pl.col("cents")).fill_null(0)
    return marks(
        rows, "zero_usage", measure="usage", figure=pl.col("usage"), compared=before,
        cents=pl.max_horizontal(stake, pl.lit(0)),
        against=pl.when(pl.col("last_usage").is_null()).then(pl.lit("none")).otherwise(pl.lit("last")),
        details={"days": pl.col("days")},
    )  # fmt: skip


def find_bill(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """A whole bill that charges nothing; at stake is what the last bill charged."""
    last = cycle.last.group_by("account").agg(before=pl.col("cents").sum())
    rows = cycle.bills.filter(pl.col("current") == 0).join(last, on="account", how="left")
    before = pl.col("before").fill_null(0)
    return marks(rows, "zero_bill", measure="cents", figure=pl.col("current"), compared=before, cents=before,
                 against="last")  # fmt: skip


def find_negative(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """A charge or a usage below nothing, on a point that does not feed into the grid."""
    rows = cycle.beside().filter(((pl.col("cents") < 0) | (pl.col("usage") < 0)) & ~pl.col("exports"))
    before = pl.col("last_cents").fill_null(0)
    return marks(rows, "negative", measure="cents", figure=pl.col("cents"), compared=before, cents=pl.col("cents"),
                 against="last", details={"used": pl.col("usage"), "unit": pl.col("unit")})  # fmt: skip


ZERO_USAGE = Mark(
    name="zero_usage",
    title=N_("No usage"),
    says={
        "last": N_("%(service)s: the meter counted %(figure)s in %(days)s days; on the last bill it was %(compared)s."),
        "none": N_("%(service)s: the meter counted %(figure)s in %(days)s days, and no bill came before."),
    },
    find=find_usage,
    kinds={},
)
ZERO_BILL = Mark(
    name="zero_bill",
    title=N_("No charge"),
    says={"last": N_("The bill charges %(figure)s; the last bill charged %(compared)s.")},
    find=find_bill,
    kinds={},
)
NEGATIVE = Mark(
    name="negative",
    title=N_("Less than nothing"),
    says={"last": N_("%(service)s: %(figure)s is below nothing; the last bill charged %(compared)s.")},
    find=find_negative,
    kinds={},
)
