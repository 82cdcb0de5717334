"""Reads that end in 00: one in a hundred does so by itself, more are rounded, or the register shows a fixed 0."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_one_in
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.metering.readers.shown import moved
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of reads that end in 00, against one in a hundred."""
    return against_one_in(moved(reads).with_columns(hit=pl.col("units") % 100 == 0), 100, settings)


MEASURE = Measure(
    title=N_("Reads that end in 00"),
    says=N_("Of {n:,} reads {found} percent end in 00; about {expected} percent would by chance."),
    figures="share",
    find=find,
)
