"""Booking what is not a bill: adjustments, deposits applied, budgets settled. Set-wise; one open item a row."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.columns import Shape, shaped
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import apply_credits, lock_accounts
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.models import AccountingPeriod, Deed

#: What is booked: ``amount`` in cents, above zero charged to the customer, below zero credited; ``against`` the ledger
#: account on the other side; ``source`` the id of the record it comes from, once for each service and side.
BOOKED: Shape = {
    "account": pl.Int64, "service": pl.String, "against": pl.Int64, "amount": pl.Int64, "source": pl.Int64,
}  # fmt: skip


def book(
    rows: pl.DataFrame, *, source_kind: str, due_on: date, effective_on: date, period: AccountingPeriod, deed: Deed
) -> None:
    """Write transfers and open items for ``rows`` (`BOOKED`), then apply waiting credits of their accounts.

    A charge debits the service's receivable and credits ``against``, a credit the other way round. Rows of no amount
    write nothing. Raises `NoLedgerAccount` where a service has no receivable, and what the database refuses: a closed
    period, the same source booked twice.
    """
    rows = shaped(rows, BOOKED).filter(pl.col("amount") != 0)
    if rows.is_empty():
        return
    accounts = rows["account"].unique().sort().to_list()
    lock_accounts(accounts)
    receivable = {service: account_for("receivable", service).pk for service in rows["service"].unique()}
    charged, mine = pl.col("amount") > 0, pl.col("service").replace_strict(receivable, return_dtype=pl.Int64)
    always: dict[str, Any] = {
        "effective_on": pl.lit(effective_on), "source_kind": pl.lit(source_kind), "deed_id": pl.lit(deed.pk),
    }  # fmt: skip
    cents, source = pl.col("amount").abs().alias("amount_cents"), pl.col("source").alias("source_id")
    whose = pl.col("account").alias("account_id")
    booked_in = pl.lit(period.pk).alias("period_id")
    categories = dict(LedgerAccount.objects.filter(pk__in=rows["against"].unique()).values_list("pk", "category"))
    category = pl.col("against").replace_strict(categories, return_dtype=pl.String).replace({"": "service"})
    copy_in(
        "ledger_entry",
        rows.select(
            whose, "service", cents, source,
            pl.when(charged).then(mine).otherwise("against").alias("debit_id"),
            pl.when(charged).then("against").otherwise(mine).alias("credit_id"),
            pl.lit(0).alias("run_id"), booked_in, **always,
        ),
    )  # fmt: skip
    copy_in(
        "ledger_openitem",
        rows.select(
            whose, "service", cents, source, pl.lit(due_on).alias("due_on"),
            pl.when(charged).then(pl.lit("charge")).otherwise(pl.lit("credit")).alias("side"),
            category.alias("category"), booked_in, **always,
        ),
    )  # fmt: skip
    apply_credits(accounts, effective_on=effective_on, period=period, deed=deed)
