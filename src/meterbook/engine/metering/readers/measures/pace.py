"""More stops read in a few minutes than a person on foot reaches."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import part, strength_of
from meterbook.engine.metering.readers.contract import GROUP, Measure, Settings
from meterbook.engine.quantity import QUANTITY_SCALE, scaled
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The most stops within ``window_minutes``, as stops a minute, against the configured pace."""
    taken = reads.filter(pl.col("read_at").is_not_null() & ~pl.col("estimated")).sort("read_at")
    windows = taken.rolling("read_at", period=f"{settings.window_minutes}m", group_by=list(GROUP)).agg(
        stops=pl.col("stop").n_unique().cast(pl.Int64)
    )
    most = windows.group_by(GROUP).agg(most=pl.col("stops").max())
    counts = taken.group_by(GROUP).agg(n=pl.len().cast(pl.Int64)).filter(pl.col("n") >= settings.least_reads)
    pace = scaled(settings.pace)
    stops = pl.col("most").cast(pl.Int128) * QUANTITY_SCALE
    found = part(pl.col("most"), pl.lit(settings.window_minutes))
    return counts.join(most, on=GROUP, nulls_equal=True).select(
        *GROUP,
        found=found,
        expected=pl.lit(pace, dtype=pl.Int64),
        strength=strength_of(stops, pl.lit(pace * settings.window_minutes, dtype=pl.Int128), 1000),
        n=pl.col("n"),
    )


MEASURE = Measure(
    title=N_("Faster than a walk"),
    says=N_("At the fastest {found} stops a minute were read, where {expected} is already quick; {n:,} reads in all."),
    figures="rate",
    find=find,
)
