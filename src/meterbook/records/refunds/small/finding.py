"""Balances too small to pay or to ask for: of customers who left, quiet for the policy's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.ledger.disputes.standing import disputed_of
from meterbook.records.refunds.settings import refund_rules_on

_SMALL = """
WITH open AS (
  SELECT o.id, o.account_id, o.side, o.service, o.category, o.effective_on,
         (o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                      WHERE l.credit_id = o.id OR l.charge_id = o.id), 0))::bigint AS cents
    FROM ledger_openitem o JOIN customers_account a ON a.id = o.account_id
   WHERE (a.closed_on IS NOT NULL OR NOT %(closed_only)s)),
totals AS (
  SELECT account_id, coalesce(sum(cents) FILTER (WHERE side = 'credit'), 0) AS credits,
         coalesce(sum(cents) FILTER (WHERE side = 'charge'), 0) AS debts
    FROM open WHERE cents > 0 GROUP BY 1)
SELECT o.id, o.account_id, a.number, h.name, o.service, o.category,
       CASE o.side WHEN 'charge' THEN o.cents ELSE -o.cents END
  FROM totals t JOIN open o ON o.account_id = t.account_id AND o.cents > 0
  JOIN customers_account a ON a.id = t.account_id JOIN customers_person h ON h.id = a.holder_id
 WHERE ((t.debts > 0 AND t.credits = 0 AND t.debts <= %(debts)s)
        OR (t.credits > 0 AND t.debts = 0 AND t.credits <= %(credits)s))
   AND (SELECT max(i.effective_on) FROM ledger_openitem i WHERE i.account_id = t.account_id) <= %(quiet)s
   AND NOT EXISTS (SELECT FROM refunds_refundpart q JOIN refunds_refund r ON r.id = q.refund_id
                    WHERE q.credit_id = o.id AND r.state = 'proposed')
 ORDER BY a.number, o.id
"""


@dataclass(frozen=True, slots=True)
class SmallItem:
    """An open item of such a balance: above zero a debt, below zero a credit."""

    item: int
    account: int
    number: str
    name: str
    service: str
    category: str
    cents: int


def small_items(day: date) -> list[SmallItem]:
    """Every open item that may be written down on a day, by account; none of an account with a dispute.

    Raises `NoPolicy`.
    """
    _, rules = refund_rules_on(day)
    small = rules.small
    values: dict[str, int | bool | date] = {
        "closed_only": small.closed_only, "debts": small.debts_cents, "credits": small.credits_cents,
        "quiet": date.fromordinal(day.toordinal() - small.after_days),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SMALL, values)
        rows = cursor.fetchall()
    contested = disputed_of({row[1] for row in rows}, day)
    return [
        SmallItem(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6]))
        for row in rows
        if row[1] not in contested
    ]
