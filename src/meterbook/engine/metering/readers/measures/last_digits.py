"""The last digits of a register in use come up one in ten; invented numbers seldom do."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_tenths
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.metering.readers.shown import moved
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Last digits against one in ten each."""
    return against_tenths(moved(reads).with_columns(digit=pl.col("units") % 10), settings)


MEASURE = Measure(
    title=N_("Repeated last digits"),
    says=N_("Of {n:,} reads {found} percent end in the same digit; about {expected} percent would by chance."),
    figures="share",
    find=find,
)
