"""How old is what is owed: open items by days past due, per account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import polars as pl

from meterbook.engine.columns import Shape, narrowed, shaped

#: Open items: ``remaining`` in cents, positive is owed; a credit kept as an item is negative and lowers its bucket.
ITEMS: Shape = {"account": pl.Int64, "due_on": pl.Date, "remaining": pl.Int64}


class WrongBuckets(ValueError):
    """Bucket limits must be days above zero, each above the one before."""


def aging(items: pl.DataFrame, as_of: date, buckets: Sequence[int] = (30, 60, 90)) -> pl.DataFrame:
    """What each account owes on ``as_of``, by days past the due date, in cents.

    ``current`` is not past due: due on ``as_of`` or later. With limits (30, 60, 90), ``b1`` is 1 to 30 days past due,
    ``b2`` 31 to 60, ``b3`` 61 to 90 and ``b4`` more. The buckets of an account sum to what it owes. By account;
    an account without items is not in the result. The due date must be the original one: a returned payment restores
    it before aging. Further columns of ``items`` are ignored.

    Raises `WrongColumns`, `WrongBuckets`, and `OutOfRange` when a sum is beyond 64 bits.

    >>> items = pl.DataFrame([(10, date(2026, 5, 1), 4000), (10, date(2026, 3, 31), 500)], schema=dict(ITEMS),
    ...     orient="row")
    >>> aging(items, date(2026, 5, 1)).rows()
    [(10, 4000, 0, 500, 0, 0)]
    """
    limits = [0, *buckets]
    if not buckets or any(one >= other for one, other in pairwise(limits)):
        raise WrongBuckets(f"{list(buckets)} days")
    days = (pl.lit(as_of, dtype=pl.Date) - pl.col("due_on")).dt.total_days()
    within = {"current": days <= 0}
    within |= {f"b{n}": (days > low) & (days <= high) for n, (low, high) in enumerate(pairwise(limits), start=1)}
    within[f"b{len(limits)}"] = days > limits[-1]
    cents = pl.col("remaining").cast(pl.Int128)
    sums = (
        shaped(items, ITEMS)
        .group_by("account")
        .agg(pl.when(inside).then(cents).otherwise(0).sum().alias(name) for name, inside in within.items())
        .sort("account")
    )
    return sums.with_columns(narrowed(sums[name]) for name in within)
