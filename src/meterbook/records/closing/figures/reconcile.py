"""The customers' items beside the general ledger, at a month's end: receivables by service, deposits, their age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.closing.months import Span


@dataclass(frozen=True, slots=True)
class Compared:
    """One account of the chart beside the items it is about, in cents; ``accounts`` of customers differ."""

    service: str
    fund: str
    chart: str
    books: int
    items: int
    accounts: int

    @property
    def difference(self) -> int:
        """Books less items."""
        return self.books - self.items


#: What is owed and what is paid ahead, by customer's account and service: once from entries, once from open items and
#: their allocations, nothing of the one used for the other.
_BOTH = """
WITH mine AS (SELECT id FROM platform_accountingperiod WHERE upper(validity) <= %(ends)s),
books AS (
  SELECT e.account_id, a.service, sum(s.cents)::bigint AS cents
    FROM ledger_entry e
   CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount_cents), (e.credit_id, -e.amount_cents)) s(chart, cents)
    JOIN ledger_ledgeraccount a ON a.id = s.chart AND a.role IN ('receivable', 'unapplied')
   WHERE e.period_id IN (SELECT id FROM mine) GROUP BY 1, 2),
given AS (
  SELECT item, sum(cents) AS cents FROM (
    SELECT charge_id AS item, amount_cents AS cents FROM ledger_allocation WHERE period_id IN (SELECT id FROM mine)
    UNION ALL SELECT credit_id, amount_cents FROM ledger_allocation WHERE period_id IN (SELECT id FROM mine)) x
   GROUP BY 1),
items AS (
  SELECT o.account_id, o.service,
         sum((CASE o.side WHEN 'charge' THEN 1 ELSE -1 END) * (o.amount_cents - coalesce(g.cents, 0)))::bigint AS cents
    FROM ledger_openitem o LEFT JOIN given g ON g.item = o.id
   WHERE o.period_id IN (SELECT id FROM mine) GROUP BY 1, 2),
beside AS (
  SELECT account_id, service, coalesce(b.cents, 0) AS books, coalesce(i.cents, 0) AS items
    FROM books b FULL JOIN items i USING (account_id, service))
"""
_BY_SERVICE = f"""{_BOTH}
SELECT a.service, a.fund, a.code, coalesce(sum(b.books), 0)::bigint, coalesce(sum(b.items), 0)::bigint,
       count(*) FILTER (WHERE b.books <> b.items)
  FROM ledger_ledgeraccount a LEFT JOIN beside b ON b.service = a.service
 WHERE a.role IN ('receivable', 'unapplied') GROUP BY a.id ORDER BY a.service = '', a.code
"""
_ACCOUNTS = f"""{_BOTH}
SELECT c.number, b.service, b.books, b.items, b.books - b.items
  FROM beside b JOIN customers_account c ON c.id = b.account_id
 WHERE b.books <> b.items AND (%(service)s = '*' OR b.service = %(service)s)
 ORDER BY abs(b.books - b.items) DESC, c.number LIMIT 200
"""


def receivables(span: Span) -> list[Compared]:
    """Every receivable, and payments not yet used, beside the customers' items at the span's end."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_SERVICE, span.days)
        return [Compared(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5])) for row in cursor.fetchall()]


def differing(span: Span, service: str = "*") -> list[dict[str, Any]]:
    """Customers' accounts whose items are not what the books say, the largest first, at most 200."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {**span.days, "service": service})
        names = ("number", "service", "books", "items", "difference")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


#: A deposit and its uses belong to the month their deed was booked in.
_DEPOSITS = """
WITH booked AS (
  SELECT x.cents, coalesce((SELECT max(lower(p.validity)) FROM ledger_entry e
                              JOIN platform_accountingperiod p ON p.id = e.period_id WHERE e.deed_id = x.deed_id),
                           x.on_day) AS since
    FROM (SELECT amount_cents AS cents, deed_id, received_on AS on_day FROM ledger_deposit
          UNION ALL SELECT -amount_cents, deed_id, used_on FROM ledger_deposituse) x),
books AS (
  SELECT coalesce(sum(s.cents), 0)::bigint AS cents
    FROM ledger_entry e
   CROSS JOIN LATERAL (VALUES (e.debit_id, -e.amount_cents), (e.credit_id, e.amount_cents)) s(chart, cents)
    JOIN ledger_ledgeraccount a ON a.id = s.chart AND a.role = 'deposits'
    JOIN platform_accountingperiod p ON p.id = e.period_id AND upper(p.validity) <= %(ends)s)
SELECT books.cents, coalesce((SELECT sum(cents) FROM booked WHERE since < %(ends)s), 0)::bigint FROM books
"""


def deposits(span: Span) -> tuple[int, int]:
    """Deposits held at the span's end, in cents: what the books say, what the deposits themselves say."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPOSITS, span.days)
        books, held = cursor.fetchone()
        return int(books), int(held)


@dataclass(frozen=True, slots=True)
class Aged:
    """What customers owe for one service at a month's end by days past due, less what they paid ahead, in cents."""

    service: str
    fund: str
    not_due: int
    to_30: int
    to_60: int
    to_90: int
    over_90: int
    credits: int

    @property
    def total(self) -> int:
        """What the roll-forward closes with."""
        return self.not_due + self.to_30 + self.to_60 + self.to_90 + self.over_90 - self.credits


_AGED = """
WITH mine AS (SELECT id FROM platform_accountingperiod WHERE upper(validity) <= %(ends)s),
given AS (
  SELECT item, sum(cents) AS cents FROM (
    SELECT charge_id AS item, amount_cents AS cents FROM ledger_allocation WHERE period_id IN (SELECT id FROM mine)
    UNION ALL SELECT credit_id, amount_cents FROM ledger_allocation WHERE period_id IN (SELECT id FROM mine)) x
   GROUP BY 1),
item AS (
  SELECT o.service, o.side, %(day)s - o.due_on AS days, o.amount_cents - coalesce(g.cents, 0) AS cents
    FROM ledger_openitem o LEFT JOIN given g ON g.item = o.id WHERE o.period_id IN (SELECT id FROM mine))
SELECT a.service, a.fund,
       coalesce(sum(i.cents) FILTER (WHERE side = 'charge' AND days <= 0), 0)::bigint,
       coalesce(sum(i.cents) FILTER (WHERE side = 'charge' AND days BETWEEN 1 AND 30), 0)::bigint,
       coalesce(sum(i.cents) FILTER (WHERE side = 'charge' AND days BETWEEN 31 AND 60), 0)::bigint,
       coalesce(sum(i.cents) FILTER (WHERE side = 'charge' AND days BETWEEN 61 AND 90), 0)::bigint,
       coalesce(sum(i.cents) FILTER (WHERE side = 'charge' AND days > 90), 0)::bigint,
       coalesce(sum(i.cents) FILTER (WHERE side = 'credit'), 0)::bigint
  FROM ledger_ledgeraccount a LEFT JOIN item i ON i.service = a.service
 WHERE a.role IN ('receivable', 'unapplied') GROUP BY a.id ORDER BY a.service = '', a.code
"""


def aged(span: Span) -> list[Aged]:
    """What is owed at the span's end by age, service by service; payments not yet used last."""
    day: date = span.last_day
    with connection.cursor() as cursor:
        cursor.execute(_AGED, {**span.days, "day": day})
        return [Aged(row[0], row[1], *(int(cents) for cents in row[2:])) for row in cursor.fetchall()]
