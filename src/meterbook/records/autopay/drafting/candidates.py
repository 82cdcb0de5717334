"""What there is to draw: bills of enrolled accounts that no draft was made for, with all the breaker asks about.

Read set-wise: one question for every enrolled account's newest posted bill, however many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from meterbook.engine.autopay.amounts import Asked, to_draw
from meterbook.engine.autopay.breaker import Breaker, Facts
from meterbook.records.ledger.disputes.standing import disputed_cents
from meterbook.records.platform.queries import business_date
from meterbook.records.returns.bans import banned_tenders

_STANDING = """
WITH newest AS (
    SELECT DISTINCT ON (b.account_id) b.id, b.account_id, b.bill_date, b.due_date, b.kind,
           b.previous_cents + b.payments_cents + b.adjustments_cents + b.current_cents AS due_cents,
           r.posted_by_id
      FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
     WHERE b.account_id = ANY(%(accounts)s)
     ORDER BY b.account_id, b.bill_date DESC, b.id DESC),
owed AS (
    SELECT o.account_id, sum(CASE o.side WHEN 'charge' THEN o.amount_cents ELSE -o.amount_cents END) AS cents,
           sum(CASE o.side WHEN 'credit' THEN o.amount_cents ELSE -o.amount_cents END) FILTER (
               WHERE o.deed_id > n.posted_by_id
                 AND (o.side, o.source_kind) IN (('credit', 'payment'), ('credit', 'placement'),
                                                 ('charge', 'reversal'), ('charge', 'placement'))) AS arrived
      FROM ledger_openitem o JOIN newest n ON n.account_id = o.account_id GROUP BY 1)
SELECT n.account_id, n.id, n.bill_date, n.due_date, n.kind, coalesce(l.pay_cents, n.due_cents), l.id IS NOT NULL,
       coalesce(w.arrived, 0), coalesce(w.cents, 0), a.closed_on, a.number
  FROM newest n JOIN customers_account a ON a.id = n.account_id
  LEFT JOIN owed w ON w.account_id = n.account_id
  LEFT JOIN programs_levelpaymonth l ON l.bill_id = n.id
"""
_BEFORE = """
SELECT account_id, array_agg(current_cents ORDER BY bill_date DESC, id DESC), max(bill_date) FROM (
    SELECT b.account_id, b.id, b.current_cents, b.bill_date,
           row_number() OVER (PARTITION BY b.account_id ORDER BY b.bill_date DESC, b.id DESC) AS turn
      FROM billing_bill b JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
     WHERE b.account_id = ANY(%(accounts)s) AND b.kind NOT IN ('corrected', 'statement')) t
 WHERE turn BETWEEN 2 AND %(most)s + 1 GROUP BY 1
"""
#: Accounts for which something holds, by what it is.
_FLAGS = {
    "held": "SELECT account_id FROM billing_holdorder WHERE released_id IS NULL AND account_id = ANY(%(accounts)s)",
    "disputed": "SELECT account_id FROM adjustments_adjustment WHERE state = 'proposed'"
                " AND account_id = ANY(%(accounts)s) AND (bill_id IS NULL OR bill_id = ANY(%(bills)s))",
    "corrected": "SELECT i.account_id FROM corrections_caseitem i JOIN corrections_correctioncase c ON c.id = i.case_id"
                 " LEFT JOIN billing_billrun r ON r.id = c.run_id WHERE i.bill_id = ANY(%(bills)s)"
                 " AND c.withdrawn_id IS NULL AND coalesce(r.status, '') <> 'cancelled'"
                 " UNION SELECT account_id FROM billing_bill WHERE id = ANY(%(bills)s) AND kind = 'corrected'",
}  # fmt: skip
_PROTECTED = """
SELECT account_id, min(kind) FROM customers_protection
 WHERE account_id = ANY(%(accounts)s) AND validity @> %(today)s::date AND kind = ANY(%(kinds)s) GROUP BY 1
"""
_OTHERS = """
SELECT account_id, count(*) FROM autopay_draft WHERE account_id = ANY(%(accounts)s) AND first_id IS NULL
   AND state IN ('filed', 'settled', 'returned') AND settle_on >= %(since)s AND NOT bill_id = ANY(%(bills)s) GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's newest posted bill and how much of it there is to draw now."""

    account: int
    number: str
    bill: int
    bill_date: date
    due_date: date
    kind: str
    asked: Asked
    closed_on: date | None
    disputed_cents: int = 0

    @property
    def cents(self) -> int:
        """Cents to draw now."""
        return to_draw(self.asked)

    @property
    def final(self) -> bool:
        """Whether the bill is the last of a service that ended."""
        return self.kind in ("final", "closing")


def standings(accounts: Collection[int]) -> dict[int, Standing]:
    """The newest posted bill of each account and what of it is to be drawn; accounts without a bill are left out.

    What is in dispute is not drawn: it counts as if it were not owed.
    """
    contested = disputed_cents(accounts, business_date())
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"accounts": list(accounts)})
        rows = cursor.fetchall()
    return {
        row[0]: Standing(
            account=row[0], bill=row[1], bill_date=row[2], due_date=row[3], kind=row[4],
            asked=Asked(int(row[5]), int(row[7]), int(row[8]) - contested.get(row[0], 0), level=row[6]),
            closed_on=row[9], number=row[10], disputed_cents=contested.get(row[0], 0),
        )
        for row in rows
    }  # fmt: skip


def facts(found: Sequence[Standing], limits: dict[int, int | None], rules: Breaker, *, today: date) -> dict[int, Facts]:
    """What the breaker asks about each account's draft, by account."""
    accounts, bills = [one.account for one in found], [one.bill for one in found]
    given: dict[str, Any] = {"accounts": accounts, "bills": bills, "today": today, "most": rules.normal_bills}
    given |= {"kinds": list(rules.protections), "since": today - timedelta(days=rules.several_days)}
    before = {row[0]: (tuple(int(cents) for cents in row[1]), row[2]) for row in _rows(_BEFORE, given)}
    flags = {name: {row[0] for row in _rows(sql, given)} for name, sql in _FLAGS.items()}
    protected, others = dict(_rows(_PROTECTED, given)), dict(_rows(_OTHERS, given))
    banned = {account for account, tenders in banned_tenders(accounts, today).items() if "ach" in tenders}
    flags["disputed"] |= {one.account for one in found if one.disputed_cents and one.asked.level}
    return {
        one.account: Facts(
            cents=one.cents, before=before.get(one.account, ((), None))[0],
            days_since_bill=(one.bill_date - before[one.account][1]).days if one.account in before else None,
            limit_cents=limits.get(one.account), closed=one.closed_on is not None, final=one.final,
            other_drafts=others.get(one.account, 0), protection=protected.get(one.account, ""),
            banned="a payment came back" if one.account in banned else "",
            **{name: one.account in rows for name, rows in flags.items()},
        )
        for one in found
    }  # fmt: skip


def _rows(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
