"""Estimates in one place: a dog, a locked gate, a meter under a car, or a route nobody walked."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_others
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of estimated reads, against that of all others."""
    return against_others(reads.with_columns(hit=pl.col("estimated")), settings)


MEASURE = Measure(
    title=N_("Estimates close together"),
    says=N_("Of {n:,} reads {found} percent are estimates; elsewhere {expected} percent are."),
    figures="share",
    find=find,
)
