"""Writing allocations, and the money they move in the books."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.engine.columns import Shape, shaped
from meterbook.records.ledger.deposits.instalments import recognise
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.models import AccountingPeriod, Deed

#: Allocations to write: ``amount`` in cents, below zero where an earlier one is taken back; ``from`` and ``to`` the
#: services of the credit and the charge, empty for money not applied to a service.
MADE: Shape = {
    "credit": pl.Int64, "item": pl.Int64, "account": pl.Int64, "amount": pl.Int64, "from": pl.String, "to": pl.String,
    "pinned": pl.Boolean,
}  # fmt: skip


def store(made: pl.DataFrame, *, effective_on: date, period: AccountingPeriod, deed: Deed) -> None:
    """Write allocations (`MADE`), and the transfers of those that move money between two accounts of the chart.

    The money leaves where the credit stood (payments not yet applied, or the receivable of a service's own credit) and
    enters the charge's receivable; what is taken back goes the other way. What settles an instalment of a
    deposit becomes one (`recognise`).
    """
    made = shaped(made, MADE)
    if made.is_empty():
        return
    copy_in(
        "ledger_allocation",
        made.select(
            pl.col("credit").alias("credit_id"),
            pl.col("item").alias("charge_id"),
            pl.col("amount").alias("amount_cents"),
            "pinned",
            pl.lit(effective_on).alias("effective_on"),
            pl.lit(period.pk).alias("period_id"),
            pl.lit(deed.pk).alias("deed_id"),
        ),
    )
    stands = {name: account_for("receivable", name).pk for name in {*made["from"], *made["to"]} - {""}}
    stands[""] = account_for("unapplied").pk
    gives = pl.col("from").replace_strict(stands, return_dtype=pl.Int64)
    takes = pl.col("to").replace_strict(stands, return_dtype=pl.Int64)
    forth = pl.col("amount") > 0
    moved = made.select(
        pl.lit(0).alias("run_id"),
        pl.when(forth).then(gives).otherwise(takes).alias("debit_id"),
        pl.when(forth).then(takes).otherwise(gives).alias("credit_id"),
        pl.col("amount").abs().alias("amount_cents"),
        pl.col("account").alias("account_id"),
        pl.when(pl.col("to") == "").then("from").otherwise("to").alias("service"),
        pl.lit(effective_on).alias("effective_on"),
        pl.lit(period.pk).alias("period_id"),
        pl.lit("allocation").alias("source_kind"),
        pl.col("credit").alias("source_id"),
        pl.lit(deed.pk).alias("deed_id"),
    )
    copy_in("ledger_entry", moved.filter(pl.col("debit_id") != pl.col("credit_id")))
    recognise(made["item"].to_list(), effective_on=effective_on, period=period, deed=deed)
