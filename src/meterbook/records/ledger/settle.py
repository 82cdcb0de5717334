"""Settling: credits waiting on accounts are applied to their open charges, oldest first, set-wise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from meterbook.engine.ledger.allocate import allocate
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.policies import policy

_OPEN = """
SELECT o.id, o.account_id, o.side, o.service, o.source_kind, o.due_on, o.amount_cents - coalesce(sum(l.amount_cents), 0)
  FROM ledger_openitem o
  LEFT JOIN ledger_allocation l ON l.{link} = o.id
 WHERE o.account_id = ANY(%s) AND o.side = '{side}'
 GROUP BY o.id HAVING o.amount_cents > coalesce(sum(l.amount_cents), 0)
"""
_OPEN_TYPES: dict[str, Any] = {
    "item": pl.Int64, "account": pl.Int64, "side": pl.String, "service": pl.String, "source": pl.String,
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


def open_items(accounts: Sequence[int], side: str) -> pl.DataFrame:
    """Charges or credits of ``accounts`` with cents still open; see `OpenItem`."""
    link = "charge_id" if side == "charge" else "credit_id"
    return copy_out(_OPEN.format(link=link, side=side), [list(accounts)], _OPEN_TYPES)


def apply_credits(
    accounts: Sequence[int], *, effective_on: date, period: AccountingPeriod, deed: Deed
) -> tuple[int, int]:
    """Apply every waiting credit of ``accounts``; returns (allocations made, cents applied).

    Each allocation moves the money in the books as well: out of unapplied credits (for payments) or the receivable
    the credit stood in (for credit bills), into the settled service's receivable.
    """
    if not accounts:
        return 0, 0
    credits = open_items(accounts, "credit")
    charges = open_items(credits["account"].unique().to_list(), "charge")
    if credits.is_empty() or charges.is_empty():
        return 0, 0
    order = {service: rank for rank, service in enumerate(policy("payment-order", effective_on)["order"])}
    made = allocate(
        credits.select(
            pl.col("item").alias("credit"),
            "account",
            pl.col("item").alias("order"),
            pl.col("remaining").alias("amount"),
        ),
        charges.select(
            "item",
            "account",
            "due_on",
            pl.col("service").replace_strict(order, default=len(order), return_dtype=pl.Int32).alias("rank"),
            "remaining",
        ),
    )
    _store(made, credits, charges, effective_on=effective_on, period=period, deed=deed)
    return made.height, int(made["amount"].sum())


def _store(
    made: pl.DataFrame,
    credits: pl.DataFrame,
    charges: pl.DataFrame,
    *,
    effective_on: date,
    period: AccountingPeriod,
    deed: Deed,
) -> None:
    """Write allocations, and the transfers of those that move money between two accounts of the chart."""
    copy_in(
        "ledger_allocation",
        made.select(
            pl.col("credit").alias("credit_id"),
            pl.col("item").alias("charge_id"),
            pl.col("amount").alias("amount_cents"),
            pl.lit(effective_on).alias("effective_on"),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )
    receivable = {s: account_for("receivable", s).pk for s in {*credits["service"], *charges["service"]} if s}
    unapplied = account_for("unapplied").pk
    moved = made.join(
        credits.select(pl.col("item").alias("credit"), pl.col("service").alias("from"), "source"), on="credit"
    ).join(charges.select("item", "service"), on="item")
    out_of = (
        pl.when(pl.col("source") == "payment")
        .then(pl.lit(unapplied))
        .otherwise(pl.col("from").replace_strict(receivable, default=None, return_dtype=pl.Int64))
    )
    moved = moved.select(
        pl.lit(0).alias("run_id"),
        out_of.alias("debit_id"),
        pl.col("service").replace_strict(receivable, return_dtype=pl.Int64).alias("credit_id"),
        pl.col("amount").alias("amount_cents"),
        pl.col("account").alias("account_id"),
        "service",
        pl.lit(effective_on).alias("effective_on"),
        pl.lit(period.pk).alias("period_id"),
        pl.lit("allocation").alias("source_kind"),
        pl.col("credit").alias("source_id"),
        pl.lit(deed.pk).alias("deed_id"),
    )
    copy_in("ledger_entry", moved.filter(pl.col("debit_id") != pl.col("credit_id")))


def balance_of(account_id: int) -> dict[str, int]:
    """What an account owes by service, in cents, with waiting credits under ``unapplied`` (negative)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT CASE WHEN o.side = 'credit' AND o.source_kind = 'payment' THEN 'unapplied' ELSE o.service END,
                   sum(CASE o.side WHEN 'charge' THEN 1 ELSE -1 END * (o.amount_cents - coalesce((
                       SELECT sum(l.amount_cents) FROM ledger_allocation l
                        WHERE l.charge_id = o.id OR l.credit_id = o.id), 0)))
              FROM ledger_openitem o WHERE o.account_id = %s GROUP BY 1
            """,
            [account_id],
        )
        return {service: int(cents) for service, cents in cursor.fetchall() if cents}
