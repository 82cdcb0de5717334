"""Taking payments in, whatever the channel: each becomes a payment, its transfer, a credit, and settles what is owed.

The one way money from customers enters the books. Channels bring rows of `PAYMENTS`; the same ``key`` is refused twice
by the database, and `known_keys` says beforehand which are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.ledger.settle import apply_credits, give, lock_accounts, open_items
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment, PaymentBatch
from meterbook.records.platform.copying import copy_in, take_ids
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.queries import accounting_period

#: Payments to take in: ``account_id`` null where nobody knows whose it is, ``amount_cents`` above zero, ``key`` what
#: the sender calls it, or null. Columns of `_OPTIONAL` may be left out. ``for_bill_id`` and ``for_service`` are the
#: payer's direction: what is open of that bill, of that service, is settled first; what is left follows the order.
PAYMENTS: Shape = {
    "account_id": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64, "received_on": pl.Date,
}  # fmt: skip
_OPTIONAL: dict[str, tuple[Any, Any]] = {
    "tender": (pl.String, "check"), "reference": (pl.String, ""), "payer": (pl.String, ""),
    "payer_mark": (pl.String, ""), "key": (pl.String, None), "line": (pl.Int64, None),
    "for_bill_id": (pl.Int64, None), "for_service": (pl.String, ""),
}  # fmt: skip


def known_keys(keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to payments already taken."""
    return {key for key in Payment.objects.filter(key__in=list(keys)).values_list("key", flat=True) if key}


def receive(
    deed: Deed, rows: pl.DataFrame, *, into: LedgerAccount, effective_on: date, batch: PaymentBatch | None = None
) -> pl.DataFrame:
    """Take payments in: debit ``into``, credit the payer's account (or suspense), settle what he owes.

    Returns ``rows`` with ``id``, the payments' ids, in their order. The books carry ``effective_on``; where its period
    is closed they are booked in the earliest open one. The accounts stay locked until the transaction ends. Raises
    `NoLedgerAccount`, and what the database refuses: a key taken before, a closed period.
    """
    period = accounting_period(effective_on)
    rows = _filled(rows)
    placed = rows.filter(pl.col("account_id").is_not_null())
    accounts = placed["account_id"].unique().sort().to_list()
    lock_accounts(accounts)
    first = take_ids("payments_payment_id_seq", rows.height) if rows.height else 0
    rows = rows.with_columns(id=pl.int_range(pl.len(), dtype=pl.Int64) + first)
    of_batch = pl.lit(batch.pk if batch else None, dtype=pl.Int64)
    copy_in("payments_payment", rows.with_columns(batch_id=of_batch, into_id=pl.lit(into.pk)))
    copy_in("ledger_entry", _transfers(rows, into, effective_on, period, deed))
    placed = rows.filter(pl.col("account_id").is_not_null())
    copy_in(
        "ledger_openitem",
        placed.select("account_id", "amount_cents", pl.col("id").alias("source_id")).with_columns(
            side=pl.lit("credit"), service=pl.lit(""), category=pl.lit("service"), due_on=pl.lit(effective_on),
            source_kind=pl.lit("payment"), effective_on=pl.lit(effective_on), period_id=pl.lit(period.pk),
            deed_id=pl.lit(deed.pk),
        ),
    )  # fmt: skip
    _follow_directions(placed, effective_on, period, deed)
    apply_credits(accounts, effective_on=effective_on, period=period, deed=deed)
    return rows


def _follow_directions(placed: pl.DataFrame, effective_on: date, period: AccountingPeriod, deed: Deed) -> None:
    """Settle what payers pointed at, one direction after the other; it stays so whatever else is taken back."""
    directed = placed.filter(pl.col("for_bill_id").is_not_null() | (pl.col("for_service") != ""))
    for bill, service in directed.select("for_bill_id", "for_service").unique(maintain_order=True).rows():
        mine = directed.filter(pl.col("for_bill_id").eq_missing(bill), pl.col("for_service") == service)
        accounts = mine["account_id"].unique().sort().to_list()
        items = OpenItem.objects.filter(source_kind="payment", source_id__in=mine["id"].to_list())
        pointed = OpenItem.objects.filter(account__in=accounts, side=OpenItem.CHARGE)
        if bill is not None:
            pointed = pointed.filter(source_kind="bill", source_id=bill)
        if service:
            pointed = pointed.filter(service=service)
        ids = [list(found.values_list("pk", flat=True)) for found in (items, pointed)]
        credits, charges = (
            open_items(accounts, side).filter(pl.col("item").is_in(wanted))
            for side, wanted in zip(("credit", "charge"), ids, strict=True)
        )
        if not credits.is_empty() and not charges.is_empty():
            give(credits, charges, pinned=True, effective_on=effective_on, period=period, deed=deed)


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every optional column, in one order."""
    missing = [pl.lit(value, dtype=kind).alias(name) for name, (kind, value) in _OPTIONAL.items() if name not in rows]
    return rows.with_columns(missing).select(*PAYMENTS, *_OPTIONAL)


def _transfers(
    rows: pl.DataFrame, into: LedgerAccount, effective_on: date, period: AccountingPeriod, deed: Deed
) -> pl.DataFrame:
    unapplied, suspense = (account_for(role).pk for role in ("unapplied", "suspense"))
    return rows.select(
        pl.lit(0).alias("run_id"),
        pl.lit(into.pk).alias("debit_id"),
        pl.when(pl.col("account_id").is_null()).then(suspense).otherwise(unapplied).alias("credit_id"),
        "amount_cents",
        "account_id",
        pl.lit("").alias("service"),
        pl.lit(effective_on).alias("effective_on"),
        pl.lit(period.pk).alias("period_id"),
        pl.lit("payment").alias("source_kind"),
        pl.col("id").alias("source_id"),
        pl.lit(deed.pk).alias("deed_id"),
    )
