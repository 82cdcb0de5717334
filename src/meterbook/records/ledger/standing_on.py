"""What was open on a day, as the books of that day say: by account, service, fund, bill or class, and by age.

What is booked late keeps its effective date and counts from the first day of the period it landed in, so that aging
always ties to the trial balance of the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from meterbook.engine.ledger.aging import aging
from meterbook.records.platform.copying import copy_out

By = Literal["account", "service", "fund", "class", "category", "bill"]
#: The day from which a row counts in the books: ``p`` is its accounting period.
BOOKED = "greatest({row}.effective_on, lower(p.validity))"
_OPEN = f"""
WITH used AS (
  SELECT u.item, sum(u.cents) AS cents FROM (
    SELECT l.charge_id AS item, l.amount_cents AS cents, l.effective_on, l.period_id FROM ledger_allocation l
    UNION ALL SELECT l.credit_id, l.amount_cents, l.effective_on, l.period_id FROM ledger_allocation l) u
    JOIN platform_accountingperiod p ON p.id = u.period_id
    JOIN ledger_openitem i ON i.id = u.item AND (%(account)s::bigint IS NULL OR i.account_id = %(account)s)
   WHERE {BOOKED.format(row="u")} <= %(day)s GROUP BY 1),
open AS (
  SELECT o.id, o.account_id, o.side, o.service, o.category, o.due_on, o.source_kind, o.source_id,
         o.amount_cents - coalesce(used.cents, 0) AS cents
    FROM ledger_openitem o JOIN platform_accountingperiod p ON p.id = o.period_id LEFT JOIN used ON used.item = o.id
   WHERE {BOOKED.format(row="o")} <= %(day)s AND (%(account)s::bigint IS NULL OR o.account_id = %(account)s)
     AND o.amount_cents <> coalesce(used.cents, 0)),
classes AS (
  SELECT DISTINCT ON (g.account_id) g.account_id, m.premise_class
    FROM customers_serviceagreement g JOIN places_servicepoint s ON s.id = g.service_point_id
    JOIN places_premise m ON m.id = s.premise_id
   WHERE g.account_id IN (SELECT account_id FROM open)
   ORDER BY g.account_id, lower(g.validity) DESC, g.id)
SELECT o.id, o.account_id, a.number, o.side, o.service, o.category, c.fund, coalesce(k.premise_class, ''), o.due_on,
       CASE o.source_kind WHEN 'bill' THEN o.source_id END, CASE o.side WHEN 'charge' THEN o.cents ELSE -o.cents END
  FROM open o JOIN customers_account a ON a.id = o.account_id
  JOIN ledger_ledgeraccount c
    ON c.role = CASE o.service WHEN '' THEN 'unapplied' ELSE 'receivable' END AND c.service = o.service
  LEFT JOIN classes k ON k.account_id = o.account_id
 ORDER BY a.number COLLATE "C", o.due_on, o.id
"""
#: Open items of a day: ``cents`` above zero is owed, below zero waits as a credit.
_TYPES: dict[str, Any] = {
    "item": pl.Int64, "account": pl.Int64, "number": pl.String, "side": pl.String, "service": pl.String,
    "category": pl.String, "fund": pl.String, "class": pl.String, "due_on": pl.Date, "bill": pl.Int64,
    "cents": pl.Int64,
}  # fmt: skip


_NOTHING = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Aged:
    """What is open under one key, in cents: not due, days past due, credits that wait (below zero), and the sum."""

    key: str
    current: int
    days_1_30: int
    days_31_60: int
    days_61_90: int
    days_over_90: int
    credits: int

    @property
    def total(self) -> int:
        """Charges less credits."""
        return self.charges + self.credits

    @property
    def charges(self) -> int:
        """What is owed, credits left aside."""
        return self.current + self.days_1_30 + self.days_31_60 + self.days_61_90 + self.days_over_90

    @property
    def past_due(self) -> int:
        """What is past due."""
        return self.charges - self.current


def standing_on(day: date, *, account: int | None = None) -> pl.DataFrame:
    """Every item open on a day, of one account or of all: `_TYPES`."""
    return copy_out(_OPEN, {"day": day, "account": account}, _TYPES)


def balances_on(day: date, *, account: int | None = None, by: By) -> dict[str, int]:
    """What is owed under each key, charges less credits, in cents; keys without a balance are left out."""
    found = standing_on(day, account=account).group_by(_key(by)).agg(pl.col("cents").sum()).sort("key")
    return {key: cents for key, cents in found.iter_rows() if cents}


def aged_on(day: date, *, account: int | None = None, by: By) -> list[Aged]:
    """What is open on a day by age of the original due date, one row for each key, in their order."""
    items = standing_on(day, account=account).with_columns(_key(by))
    keys = items.select("key").unique().sort("key").with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    told = items.join(keys, on="key").select(pl.col("at").alias("account"), "due_on", "side", remaining="cents")
    owed: dict[int, tuple[int, int, int, int, int]] = {
        row[0]: row[1:] for row in aging(told.filter(pl.col("side") == "charge"), day).rows()
    }
    waiting = told.filter(pl.col("side") == "credit").group_by("account").agg(pl.col("remaining").sum())
    credits = dict(waiting.iter_rows())
    return [Aged(key, *owed.get(at, _NOTHING), credits.get(at, 0)) for at, key in keys.rows()]


def _key(by: By) -> pl.Expr:
    column = {"account": "number"}.get(by, by)
    return pl.col(column).cast(pl.String).fill_null("").alias("key")
