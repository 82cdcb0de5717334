"""Which kind of bill each account gets, when it falls due, and which deposits it settles.

Decided as a chunk is stored, from what is on record then: whether the account was billed before, whether its services
end within the bill, whether it is closed, and whether one of its points is a delivery to another agency.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from meterbook.engine.billing.calendar import due_date, us_holidays
from meterbook.records.billing.models import BillRun
from meterbook.records.ledger.deposits.operations.apply_deposit import held_by_account
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.policies import policy

#: Kinds that are an account's last bill: its deposits are applied and its due date follows the final rules.
LAST = ("final", "closing")

_KNOWN = """
SELECT a.id, a.closed_on,
       EXISTS (SELECT FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
                WHERE b.account_id = a.id AND b.kind <> 'statement')
  FROM customers_account a WHERE a.id = ANY(%s)
"""
_KNOWN_TYPES: dict[str, Any] = {"account": pl.Int64, "closed_on": pl.Date, "known": pl.Boolean}
_AGREED = """
SELECT g.account_id, g.id, g.service_point_id, lower(g.validity), upper(g.validity)
  FROM customers_serviceagreement g
 WHERE g.account_id = ANY(%s) AND EXISTS (SELECT FROM customers_serviceagreement o
                                           WHERE o.account_id = g.account_id AND NOT upper_inf(o.validity))
"""
_AGREED_TYPES: dict[str, Any] = {
    "account": pl.Int64, "agreement": pl.Int64, "service_point": pl.Int64, "since": pl.Date, "until": pl.Date,
}  # fmt: skip
_DELIVERED = "SELECT point_id FROM billing_wholesaledelivery"


def decided(run: BillRun, bills: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Add ``kind``, ``due_date`` and ``deposits_cents`` (0 or less) to bills (account, ends).

    ``segments`` are the agreements on them: account, agreement, service_point, ends.
    """
    bills = with_kinds(run, bills, segments)
    last = pl.col("kind").is_in(LAST)
    due = final_due(run) if run.kind == BillRun.CYCLE else run.due_date
    accounts = bills.filter(last)["account"].to_list()
    held = held_by_account([account for account in accounts if account not in _going_on(bills)], run.bill_date)
    bills = bills.join(held, on="account", how="left").with_columns(
        due_date=pl.when(last).then(pl.lit(due)).otherwise(pl.lit(run.due_date)),
        deposits_cents=-pl.col("held_cents").fill_null(0),
    )
    return bills.drop("held_cents", "goes_on")


def _going_on(bills: pl.DataFrame) -> set[int]:
    return set(bills.filter(pl.col("goes_on"))["account"].to_list())


def with_kinds(run: BillRun, bills: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """Add ``kind``, and ``goes_on``: whether the account is served beyond the end of its bill."""
    accounts = bills["account"].to_list()
    known = copy_out(_KNOWN, [accounts], _KNOWN_TYPES)
    delivered = copy_out(_DELIVERED, [], {"service_point": pl.Int64})["service_point"]
    wholesale = segments.filter(pl.col("service_point").is_in(delivered.to_list()))["account"].unique()
    ending = _endings(copy_out(_AGREED, [accounts], _AGREED_TYPES), bills, segments)
    bills = bills.join(known, on="account", how="left").join(ending, on="account", how="left")
    bills = bills.with_columns(pl.col("ended").fill_null(False), pl.col("goes_on").fill_null(True))
    # A landlord whose tenant came, a customer who moves across town: a service ends, the account goes on.
    goes_on = pl.col("goes_on")
    ended = pl.col("ended") & (~goes_on | run.ended_only)
    closed = (pl.col("closed_on") <= run.bill_date).fill_null(False)
    return bills.with_columns(
        kind=pl.when(run.kind == BillRun.CORRECTION).then(pl.lit("corrected"))
        .when(ended & ~goes_on & closed).then(pl.lit("closing"))
        .when(ended).then(pl.lit("final"))
        .when(pl.col("account").is_in(wholesale.to_list())).then(pl.lit("wholesale"))
        .when(~pl.col("known")).then(pl.lit("first"))
        .otherwise(pl.lit("off_cycle" if run.kind == BillRun.OFF_CYCLE else "cycle"))
    ).drop("ended", "known", "closed_on")  # fmt: skip


def _endings(agreed: pl.DataFrame, bills: pl.DataFrame, segments: pl.DataFrame) -> pl.DataFrame:
    """By account: whether a service on the bill ended within it for good, and whether any service goes on."""
    ends = bills.select("account", bill_ends="ends")
    agreed = agreed.join(ends, on="account")
    goes_on = agreed.group_by("account").agg(
        goes_on=(pl.col("until").is_null() | (pl.col("until") > pl.col("bill_ends"))).any()
    )
    billed = segments.group_by("agreement").agg(billed_to=pl.col("ends").max())
    last = agreed.join(billed, on="agreement").filter(pl.col("until") <= pl.col("billed_to"))
    followed = last.join(agreed, on=["account", "service_point"], suffix="_next").filter(
        pl.col("since_next") >= pl.col("until")
    )
    ended = last.join(followed, on="agreement", how="anti").select("account", ended=True).unique()
    return goes_on.join(ended, on="account", how="left").with_columns(pl.col("ended").fill_null(False))


def final_due(run: BillRun) -> date:
    """The day a final bill of this run falls due: ``final_due_days`` of the billing rules, or as every other bill."""
    return due_after(run.bill_date, last=True) if "final_due_days" in rules_on(run.bill_date) else run.due_date


def rules_on(day: date) -> dict[str, Any]:
    """The billing rules in force on a day."""
    return policy("billing-rules", day)


def due_after(bill_date: date, *, last: bool) -> date:
    """The due date of a bill sent on a day, by the billing rules; ``last`` takes those for finals."""
    rules = rules_on(bill_date)
    days = int(rules["final_due_days"] if last and "final_due_days" in rules else rules["due_days"])
    years = {bill_date.year, (bill_date + timedelta(days=days)).year, bill_date.year + 1}
    return due_date(bill_date, days, frozenset(day for year in years for day in us_holidays(year)))
