"""Which open items each credit settles, for every account at once: oldest due first.

Credits and open items of an account are laid end to end on the same line of cents, credits in their order, items by
age. Where a credit's stretch and an item's stretch overlap, the credit pays the item. No loop, no half-paid state.
"""

from __future__ import annotations

import polars as pl

from meterbook.engine.columns import INT64_MAX, OutOfRange, Shape, shaped

#: Money to apply: ``amount`` in cents above zero, ``order`` the turn within its account.
CREDITS: Shape = {"credit": pl.Int64, "account": pl.Int64, "order": pl.Int64, "amount": pl.Int64}

#: What is owed: ``remaining`` in cents above zero, ``rank`` the utility's payment priority within one due date. A
#: further column ``before`` (Int32) goes ahead of the due date where the utility's order does (`order.Order.ranked`).
ITEMS: Shape = {
    "item": pl.Int64,
    "account": pl.Int64,
    "due_on": pl.Date,
    "rank": pl.Int32,
    "remaining": pl.Int64,
}


class DuplicateRow(ValueError):
    """The same credit or open item appears twice; it would be spent or settled twice."""


def allocate(credits: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Apply ``credits`` (`CREDITS`) to ``items`` (`ITEMS`) of the same account.

    Items are settled by ``before`` if there is such a column, due date, then rank (lowest first), then id; credits are
    spent by order, then id. Returns ``credit``, ``item``, ``account``, ``amount`` (cents, above zero), by account as
    the money is spent. A credit
    never pays more than it has, an item never receives more than it lacks, and no cent of a credit stays unallocated
    while its account has an open item. What is left over is the difference to the input: nothing is created here.

    Oldest first is common but local (domain: payment order); ``rank`` carries the utility's priority table.

    Raises `WrongColumns`, `DuplicateRow`, and `OutOfRange` for an amount not above zero or totals beyond 64 bits.

    >>> from datetime import date
    >>> credits = pl.DataFrame([(1, 10, 1, 7000)], schema=dict(CREDITS), orient="row")
    >>> items = pl.DataFrame([(5, 10, date(2026, 5, 22), 1, 4000), (6, 10, date(2026, 4, 22), 1, 5000)],
    ...     schema=dict(ITEMS), orient="row")
    >>> allocate(credits, items).rows()
    [(1, 6, 10, 5000), (1, 5, 10, 2000)]
    """
    wanted = {**ITEMS, "before": pl.Int32} if "before" in items.columns else ITEMS
    money, owed = shaped(credits, CREDITS), shaped(items, wanted)
    _guard(money, key="credit", cents="amount")
    _guard(owed, key="item", cents="remaining")
    paying = _laid_out(money.sort("account", "order", "credit"), key="credit", cents="amount")
    owed = owed.join(money, on="account", how="semi")
    turn = ("before", "due_on", "rank") if "before" in owed.columns else ("due_on", "rank")
    paid = _laid_out(owed.sort("account", *turn, "item"), key="item", cents="remaining")
    ends = pl.concat([paying, paid], how="diagonal").sort("account", "end", maintain_order=True)
    # Every stretch between two ends belongs to the next credit and the next item to end, unless the account ends
    # first: then the next one is another account's, and the stretch is unspent credit or open item.
    same_account = pl.col("account") == pl.col("account").shift(1)
    next_ends = ("credit", "credit_account", "item", "item_account")
    return (
        ends.with_columns(amount=pl.col("end") - pl.when(same_account).then(pl.col("end").shift(1)).otherwise(0))
        .with_columns(pl.col(next_ends).backward_fill())
        .filter(
            pl.col("account") == pl.col("credit_account"),
            pl.col("account") == pl.col("item_account"),
            pl.col("amount") > 0,
        )
        .select("credit", "item", "account", "amount")
    )


def _guard(rows: pl.DataFrame, *, key: str, cents: str) -> None:
    """Refuse amounts that are no amounts, an id given twice, and sums that would wrap."""
    if rows[key].n_unique() != rows.height:
        raise DuplicateRow(f"{key} {rows[key].filter(rows[key].is_duplicated())[0]} appears more than once")
    if rows.filter(pl.col(cents) <= 0).height:
        raise OutOfRange(f"{key} {rows.filter(pl.col(cents) <= 0)[key][0]}: {cents} is not above zero")
    if int(rows[cents].cast(pl.Int128).sum()) > INT64_MAX:
        raise OutOfRange(f"{cents} of all accounts together is beyond 64 bits")


def _laid_out(rows: pl.DataFrame, *, key: str, cents: str) -> pl.DataFrame:
    """Where each row's stretch of cents ends on its account's line; ``rows`` are in the order of that line."""
    first = pl.col("account").ne_missing(pl.col("account").shift(1))
    return (
        rows.with_columns(run=pl.col(cents).cum_sum())
        .with_columns(before=pl.when(first).then(pl.col("run") - pl.col(cents)).forward_fill())
        .select(key, "account", pl.col("account").alias(f"{key}_account"), end=pl.col("run") - pl.col("before"))
    )
