"""A period that is shorter or longer than periods are."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Fewer days than the shortest or more than the longest; what the service charges is at stake."""
    shortest, longest = setting.numbers["shortest"], setting.numbers["longest"]
    short = pl.col("days") < shortest
    rows = cycle.points.filter(short | (pl.col("days") > longest))
    return marks(
        rows, "days", measure="days", figure=pl.col("days"), cents=pl.col("cents"),
        compared=pl.when(short).then(pl.lit(shortest)).otherwise(pl.lit(longest)).cast(pl.Int64),
        against=pl.when(short).then(pl.lit("short")).otherwise(pl.lit("long")),
    )  # fmt: skip


MARK = Mark(
    name="days",
    title=N_("Days"),
    says={
        "short": N_("%(service)s: a bill of %(figure)s days; the shortest usual period has %(compared)s."),
        "long": N_("%(service)s: a bill of %(figure)s days; the longest usual period has %(compared)s."),
    },
    find=find,
    kinds={},
)
