"""Reads that were corrected later."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_others
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of reads somebody corrected afterwards, against that of all others."""
    taken = reads.filter(pl.col("value").is_not_null() & ~pl.col("estimated"))
    return against_others(taken.with_columns(hit=pl.col("corrected")), settings)


MEASURE = Measure(
    title=N_("Corrected afterwards"),
    says=N_("Of {n:,} reads {found} percent were corrected later; elsewhere {expected} percent were."),
    figures="share",
    find=find,
)
