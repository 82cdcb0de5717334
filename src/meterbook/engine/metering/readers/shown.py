"""The digits a register showed: of reads somebody took, on registers that moved."""

from __future__ import annotations

import polars as pl


def moved(reads: pl.DataFrame) -> pl.DataFrame:
    """Actual reads with ``units``, what was shown in the register's last digit. A register that stands still repeats
    its digits by itself and is left out; where nobody knows the usage, the read counts.
    """
    last = pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals"))
    actual = reads.filter(
        pl.col("value").is_not_null()
        & ~pl.col("estimated")
        & ~pl.col("no_access")
        & (pl.col("quantity").is_null() | (pl.col("quantity") > 0))
    )
    return actual.with_columns(units=pl.col("value") // last)
