"""Statements: a bill without charges for an account of the run that has a balance, or movements, and nothing billed."""

from __future__ import annotations

from typing import Any

import polars as pl

from meterbook.records.billing.models import BillRun
from meterbook.records.platform.copying import copy_out

_CANDIDATES = """
SELECT a.id, coalesce(p.billed_on, a.opened_on), %(bill_date)s::date
  FROM customers_account a
  LEFT JOIN LATERAL (SELECT max(b.bill_date) AS billed_on FROM billing_bill b
                       JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
                      WHERE b.account_id = a.id) p ON true
 WHERE a.id BETWEEN %(first)s AND %(last)s AND {whose}
   AND (p.billed_on IS NULL OR p.billed_on <= %(read_from)s) AND coalesce(p.billed_on, a.opened_on) < %(bill_date)s
   AND NOT EXISTS (SELECT FROM billing_bill b WHERE b.run_id = %(run)s AND b.account_id = a.id)
   AND NOT EXISTS (SELECT FROM billing_hold h WHERE h.run_id = %(run)s AND h.account_id = a.id)
"""
_OF_CYCLE = "a.cycle_id = %(cycle)s"
_NAMED = "EXISTS (SELECT FROM billing_runaccount n WHERE n.run_id = %(run)s AND n.account_id = a.id)"


def due(run: BillRun, first_account: int, last_account: int) -> pl.DataFrame:
    """Accounts between two ids that the run neither billed nor holds: account, starts, ends.

    One that was billed inside the run's window already is not asked twice. The days run from the last bill.
    """
    asked = {
        "first": first_account, "last": last_account, "run": run.pk, "cycle": run.cycle_id,
        "bill_date": run.bill_date, "read_from": run.read_from,
    }  # fmt: skip
    types: dict[str, Any] = {"account": pl.Int64, "starts": pl.Date, "ends": pl.Date}
    whose = _OF_CYCLE if run.kind == BillRun.CYCLE else _NAMED
    return copy_out(_CANDIDATES.format(whose=whose), asked, types)


def worth_sending(bills: pl.DataFrame, run: BillRun) -> pl.DataFrame:
    """Those with a balance, or whose balance changed since the last bill, as statements: no charges, no deposits."""
    moved = (pl.col("balance") != 0) | (pl.col("balance") != pl.col("previous")) | (pl.col("paid") != 0)
    nothing = pl.lit(0, dtype=pl.Int64)
    return bills.filter(moved).with_columns(
        kind=pl.lit("statement"), due_date=pl.lit(run.due_date), current_cents=nothing, deposits_cents=nothing
    )
