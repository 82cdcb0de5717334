"""Revenue that points of the same service, class and meter size do not have: a multiplier wrong by ten, for years.

A point's own history cannot show what was always wrong. A point is marked only when this bill and every earlier one
known leave the range, so that an empty house in July is not.
"""

from __future__ import annotations

import polars as pl

from meterbook.engine.billing.register.figures import Cycle, half_up, marks
from meterbook.engine.billing.register.marks.contract import Mark
from meterbook.engine.billing.register.settings import FACTOR, Setting
from meterbook.engine.trace import N_

_PERIOD = 30


def find(cycle: Cycle, setting: Setting) -> pl.DataFrame:
    """Below ``low`` or above ``high`` times the median of at least ``least_points`` peers, now and before."""
    rows = cycle.beside().join(cycle.peers, on=["commodity", "premise_class", "meter_size"], how="inner")
    rows = rows.filter(
        (pl.col("points") >= setting.numbers["least_points"]) & ~pl.col("exports") & pl.col("last_cents").is_not_null()
    )
    paces = {name: half_up(pl.col(f"{name}cents").cast(pl.Int128) * _PERIOD, pl.col(f"{name}days"))
             for name in ("", "last_", "year_")}  # fmt: skip
    rows = rows.with_columns(**{f"{name}pace": pace for name, pace in paces.items()})
    median = pl.col("median").cast(pl.Int128)
    low = pl.all_horizontal(
        (pl.col(f"{name}pace").cast(pl.Int128) * FACTOR < median * setting.numbers["low"]).fill_null(value=True)
        for name in paces
    )
    high = pl.all_horizontal(
        (pl.col(f"{name}pace").cast(pl.Int128) * FACTOR > median * setting.numbers["high"]).fill_null(value=True)
        for name in paces
    )
    rows = rows.with_columns(low=low).filter(low | high)
    return marks(
        rows, "peers", measure="cents", figure=pl.col("pace"), compared=pl.col("median"),
        cents=pl.col("pace") - pl.col("median"),
        against=pl.when(pl.col("low")).then(pl.lit("low")).otherwise(pl.lit("high")),
        details={"size": pl.col("meter_size"), "class": pl.col("premise_class"), "points": pl.col("points")},
    )  # fmt: skip


MARK = Mark(
    name="peers",
    title=N_("Revenue by meter size"),
    says={
        "low": N_(
            "%(service)s: %(figure)s for 30 days, now and on the bills before. %(points)s points with a meter of size "
            "%(size)s (%(class)s) pay %(compared)s in the middle: the multiplier may be too small."
        ),
        "high": N_(
            "%(service)s: %(figure)s for 30 days, now and on the bills before. %(points)s points with a meter of size "
            "%(size)s (%(class)s) pay %(compared)s in the middle: the multiplier may be too large."
        ),
    },
    find=find,
    kinds={"class": "class"},
)
