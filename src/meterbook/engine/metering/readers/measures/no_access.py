"""Meters nobody got to, in one place."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_others
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of attempts without access, against that of all others."""
    return against_others(reads.with_columns(hit=pl.col("no_access")), settings)


MEASURE = Measure(
    title=N_("No access close together"),
    says=N_("Of {n:,} attempts {found} percent found no access; elsewhere {expected} percent did."),
    figures="share",
    find=find,
)
