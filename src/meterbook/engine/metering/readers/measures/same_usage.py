"""Exactly the usage of the period before: rare by itself, usual where the old number was moved on."""

from __future__ import annotations

import polars as pl

from meterbook.engine.metering.readers.chance import against_others
from meterbook.engine.metering.readers.contract import Measure, Settings
from meterbook.engine.trace import N_


def find(reads: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The share of reads with the very usage of the period before, against that of all others."""
    taken = pl.col("quantity").is_not_null() & pl.col("prior_quantity").is_not_null() & ~pl.col("estimated")
    compared = reads.filter(taken & (pl.col("quantity") > 0))
    return against_others(compared.with_columns(hit=pl.col("quantity") == pl.col("prior_quantity")), settings)


MEASURE = Measure(
    title=N_("The same usage again"),
    says=N_(
        "Of {n:,} reads {found} percent repeat the usage of the period before exactly; elsewhere {expected} percent do."
    ),
    figures="share",
    find=find,
)
