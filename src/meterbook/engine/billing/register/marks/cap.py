"""More than a customer of that class can owe through a meter of that size, whatever was billed before."""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, half_up, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import Setting
from meterbook.engine.trace import N_

_PERIOD = 30


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Above the first cap that fits the point; a cap is for 30 days, and a longer period may owe more by its days."""
    most = pl.lit(None, dtype=pl.Int64)
    for cap in reversed(setting.caps):
        fits = pl.col("commodity") == cap.commodity
        if cap.classes:
            fits &= pl.col("premise_class").is_in(list(cap.classes))
        if cap.sizes:
            fits &= pl.col("meter_size").is_in(list(cap.sizes)).fill_null(value=False)
        most = pl.when(fits).then(pl.lit(cap.cents, dtype=pl.Int64)).otherwise(most)
    days = pl.max_horizontal(pl.col("days"), pl.lit(_PERIOD, dtype=pl.Int64))
    rows = cycle.points.with_columns(most=most, of=days)
    rows = rows.with_columns(most=half_up(pl.col("most").cast(pl.Int128) * pl.col("of"), pl.lit(_PERIOD)))
    rows = rows.filter(pl.col("cents") > pl.col("most"))
    return marks(
        rows, "cap", measure="cents", figure=pl.col("cents"), compared=pl.col("most"), cents=pl.col("cents"),
        against=pl.when(pl.col("meter_size").is_null()).then(pl.lit("class")).otherwise(pl.lit("cap")),
        details={"days": pl.col("days"), "size": pl.col("meter_size"), "class": pl.col("premise_class")},
    )  # fmt: skip


MARK = Mark(
    name="cap",
    title=N_("Implausible amount"),
    says={
        "cap": N_(
            "%(service)s: %(figure)s for %(days)s days. With a meter of size %(size)s (%(class)s) no bill is above "
            "%(compared)s."
        ),
        "class": N_(
            "%(service)s: %(figure)s for %(days)s days. No bill of this class (%(class)s) is above %(compared)s."
        ),
    },
    find=find,
    kinds={"class": "class"},
)
