"""Interval readings under a net metering rule: what one meter, or two, see of what flows in and out."""

from __future__ import annotations

import polars as pl

from meterbook.engine.programs.net_metering.rule import Rule

#: Interval kWh are whole billionths here.
KWH_SCALE = 10**9


def net_within_steps(frame: pl.DataFrame, rule: Rule | None) -> pl.DataFrame:
    """Set ``import`` and ``export`` (Int64) of each interval off against each other, as one meter sees them.

    Without a rule exports count for nothing and imports stand as read; under ``buy-all`` two meters stand side by
    side and nothing is set off.

    >>> frame = pl.DataFrame({"import": [5, 2], "export": [1, 3]})
    >>> net_within_steps(frame, Rule("net-billing")).rows()
    [(4, 0), (0, 1)]
    """
    if rule is None:
        return frame.with_columns(pl.lit(0, dtype=pl.Int64).alias("export"))
    if rule.option == "buy-all":
        return frame
    net = pl.col("import") - pl.col("export")
    return frame.with_columns(net.clip(lower_bound=0).alias("import"), (-net).clip(lower_bound=0).alias("export"))
