"""Reads of several stops at the very same instant: keyed in together, or not taken at the meter."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import part, strength_of
from meterbook.engine.metering.readers.contract import GROUP, Measure, Settings
from meterbook.engine.quantity import scaled
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of reads that bear the instant of another stop's read, against the configured share."""
    taken = reads.filter(pl.col("read_at").is_not_null() & ~pl.col("estimated"))
    shared = taken.with_columns(hit=pl.col("stop").n_unique().over(*GROUP, "read_at") > 1)
    sums = shared.group_by(GROUP).agg(n=pl.len().cast(pl.Int64), x=pl.col("hit").sum().cast(pl.Int64))
    most = scaled(settings.instant_share)
    found = part(pl.col("x"), pl.col("n"))
    return sums.filter(pl.col("n") >= settings.least_reads).select(
        *GROUP,
        found=found,
        expected=pl.lit(most, dtype=pl.Int64),
        strength=strength_of(found.cast(pl.Int128), pl.lit(most, dtype=pl.Int128), 1000),
        n=pl.col("n"),
    )


MEASURE = Measure(
    title=N_("Several stops at one instant"),
    says=N_("Of {n:,} reads {found} percent bear the instant of another stop; up to {expected} percent is usual."),
    figures="share",
    find=find,
)
