"""Usage from everything a register is known to have shown: pairs of reads, and stretches of estimates set right.

What is settled is a function of the set of current reads: whenever a read arrives, late or corrected, settling all of
them again gives what any other order of arrival would have given.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from meterbook.engine.columns import Shape, shaped
from meterbook.engine.metering.estimation.true_up import CHAIN, true_up
from meterbook.engine.metering.register import READS, derive_usage

__all__ = ["CHAIN", "KNOWN", "SETTLED", "current", "settle"]

#: Reads as they arrived, corrections among them; ``version`` counts the readings of one register and day.
KNOWN: Shape = {**CHAIN, "version": pl.Int32}

SETTLED: Shape = {
    "register": pl.Int64, "from_read": pl.Int64, "to_read": pl.Int64, "starts": pl.Date, "ends": pl.Date,
    "quantity": pl.Int64, "rollover": pl.Boolean, "estimated": pl.Boolean, "trued_up": pl.Boolean,
    "problem": pl.String,
}  # fmt: skip


def current(known: pl.DataFrame) -> pl.DataFrame:
    """The reads that count, as `CHAIN`, of ``known`` (`KNOWN`): of a register's reads of one day, and apart for those
    that start a chain, the actual ones before estimates, of those the newest version, of those the highest id.
    """
    rows = shaped(known, KNOWN)
    by = ("register", "read_on", "break_before")
    return (
        rows.sort(*by, "estimated", "version", "read", descending=[False, False, False, False, True, True])
        .unique(by, keep="first", maintain_order=True)
        .select(list(CHAIN))
    )


def settle(reads: pl.DataFrame, *, plausible_share: Fraction = Fraction(1, 4)) -> pl.DataFrame:
    """The usage of every period between two current ``reads`` (`CHAIN`, in any order), as `SETTLED`.

    Where no estimate lies between two actual reads, this is `derive_usage`. Where estimates do, and an actual read
    follows, the periods carry what the true-up gives them, and ``trued_up`` is true; ``estimated`` stays true for a
    period whose end nobody read. Estimates that wait for an actual read stand as estimated. A stretch that cannot be
    trued up keeps its estimates, and its last period carries the problem and no quantity.

    Raises as `derive_usage` and `true_up` do.
    """
    chain = shaped(reads, CHAIN)
    pairs = derive_usage(chain.select(list(READS)), plausible_share=plausible_share)
    spread = true_up(chain, plausible_share=plausible_share).select(
        "from_read",
        "to_read",
        "becomes",
        pl.col("register"),
        pl.col("rollover").alias("passes"),
        pl.col("problem").alias("refused"),
        closes=pl.col("to_read") == pl.col("stretch"),
    )
    joined = pairs.join(spread, on=["register", "from_read", "to_read"], how="left", maintain_order="left")
    settled = pl.col("becomes").is_not_null()
    stuck = pl.col("refused").is_not_null() & pl.col("closes")
    return joined.with_columns(
        quantity=pl.when(settled).then("becomes").when(~stuck.fill_null(value=False)).then("quantity"),
        rollover=pl.when(settled).then("passes").otherwise(pl.col("rollover") & ~stuck.fill_null(value=False)),
        trued_up=settled,
        problem=pl.when(settled).then(None).when(stuck).then("refused").otherwise("problem"),
    ).select(list(SETTLED))
