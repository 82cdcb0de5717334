"""Settling: credits waiting on accounts are applied to their open charges, oldest first, set-wise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.ledger.allocate import allocate
from meterbook.engine.ledger.order import Order, order_of
from meterbook.records.ledger.allocating import store
from meterbook.records.ledger.models import AccountOrder
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.policies import policy

_OPEN = """
SELECT o.id, o.account_id, o.side, o.service, o.category, o.due_on, o.amount_cents - coalesce(sum(l.amount_cents), 0)
  FROM ledger_openitem o
  LEFT JOIN ledger_allocation l ON l.{link} = o.id
 WHERE o.account_id = ANY(%s) AND o.side = '{side}'
 GROUP BY o.id HAVING o.amount_cents > coalesce(sum(l.amount_cents), 0)
"""
_OPEN_TYPES: dict[str, Any] = {
    "item": pl.Int64, "account": pl.Int64, "side": pl.String, "service": pl.String, "category": pl.String,
    "due_on": pl.Date, "remaining": pl.Int64,
}  # fmt: skip


def lock_accounts(accounts: Sequence[int]) -> None:
    """Make every other posting on these accounts wait until this transaction ends; always in order of id.

    Without it a payment and a bill run could each spend the same credit.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT id FROM customers_account WHERE id = ANY(%s) ORDER BY id"
            " FOR NO KEY UPDATE) locked",
            [list(accounts)],
        )


def order_on(day: date) -> Order:
    """The order of payment in force on a day. Raises `NoPolicy` and `WrongOrder`."""
    return order_of(policy("payment-order", day))


def order_for(account: int, day: date) -> Order:
    """An account's order of payment on a day: the utility's, and its own rule where there is one."""
    return replace(order_on(day), current_from=_own([account], day).get(account))


def in_turn(charges: pl.DataFrame, day: date) -> pl.DataFrame:
    """Open charges with their turn (`Order.ranked`), each account's by its own rule where there is one."""
    own = _own(charges["account"].unique().to_list(), day)
    if own:
        current = pl.col("account").replace_strict(own, default=None, return_dtype=pl.Date)
        charges = charges.with_columns(current_from=current)
    return order_on(day).ranked(charges)


def _own(accounts: Sequence[int], day: date) -> dict[int, date]:
    """From when on charges are current, for the accounts with a rule of their own on a day."""
    rules = AccountOrder.objects.filter(account__in=list(accounts), validity__contains=day)
    return dict(rules.values_list("account_id", "current_from"))


def open_items(accounts: Sequence[int], side: str) -> pl.DataFrame:
    """Charges or credits of ``accounts`` with cents still open; see `OpenItem`."""
    link = "charge_id" if side == "charge" else "credit_id"
    return copy_out(_OPEN.format(link=link, side=side), [list(accounts)], _OPEN_TYPES)


def apply_credits(
    accounts: Sequence[int], *, effective_on: date, period: AccountingPeriod, deed: Deed
) -> tuple[int, int]:
    """Apply every waiting credit of ``accounts``; returns (allocations made, cents applied).

    The order is the policy's on ``effective_on``, or the account's own. Each allocation moves the money in the books as
    well, see `store`.
    """
    if not accounts:
        return 0, 0
    credits = open_items(accounts, "credit")
    charges = open_items(credits["account"].unique().to_list(), "charge")
    if credits.is_empty() or charges.is_empty():
        return 0, 0
    return give(credits, charges, pinned=False, effective_on=effective_on, period=period, deed=deed)


def give(
    credits: pl.DataFrame, charges: pl.DataFrame, *, pinned: bool, effective_on: date, period: AccountingPeriod,
    deed: Deed,
) -> tuple[int, int]:  # fmt: skip
    """Settle ``charges`` with ``credits`` of the same accounts (both as `open_items` gives them), in their turn."""
    money = credits.select(
        pl.col("item").alias("credit"), "account", pl.col("item").alias("order"), pl.col("remaining").alias("amount")
    )
    made = allocate(money, in_turn(charges, effective_on))
    given = credits.select(pl.col("item").alias("credit"), pl.col("service").alias("from"))
    sides = made.join(given, on="credit", maintain_order="left")
    sides = sides.join(charges.select("item", pl.col("service").alias("to")), on="item", maintain_order="left")
    store(sides.with_columns(pinned=pl.lit(pinned)), effective_on=effective_on, period=period, deed=deed)
    return made.height, int(made["amount"].sum())


def balance_of(account_id: int) -> dict[str, int]:
    """What an account owes by service, in cents, with waiting payments under ``unapplied`` (negative)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT CASE o.service WHEN '' THEN 'unapplied' ELSE o.service END,
                   sum(CASE o.side WHEN 'charge' THEN 1 ELSE -1 END * (o.amount_cents - coalesce((
                       SELECT sum(l.amount_cents) FROM ledger_allocation l
                        WHERE l.charge_id = o.id OR l.credit_id = o.id), 0)))
              FROM ledger_openitem o WHERE o.account_id = %s GROUP BY 1
            """,
            [account_id],
        )
        return {service: int(cents) for service, cents in cursor.fetchall() if cents}
