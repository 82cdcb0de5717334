"""The credit-balance worklist: every credit that is open, what is done about it, and what nobody does anything about.

An account's open credits stand together. Customers who left come first. Each row says what happens next: a refund
waits for its second person, somebody looked and said why it stays, it is not due yet, or it is to be done.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.refunds.settings import refund_rules_on

#: What is done about an account's credits, the most urgent first.
STANDINGS = ("to_do", "clearing", "proposed", "small", "not_due", "reviewed")

_CREDITS = """
SELECT o.id, o.account_id, o.service, o.effective_on, o.source_kind, o.source_id,
       (o.amount_cents - coalesce(g.gave, 0) - coalesce(w.asked, 0))::bigint, coalesce(w.asked, 0)::bigint,
       p.tender, p.received_on
  FROM ledger_openitem o
  LEFT JOIN LATERAL (SELECT sum(l.amount_cents) AS gave FROM ledger_allocation l WHERE l.credit_id = o.id) g ON true
  LEFT JOIN LATERAL (SELECT sum(q.amount_cents) AS asked FROM refunds_refundpart q
                       JOIN refunds_refund r ON r.id = q.refund_id AND r.state = 'proposed'
                      WHERE q.credit_id = o.id) w ON true
  LEFT JOIN payments_paymentmove m ON o.source_kind = 'placement' AND m.id = o.source_id
  LEFT JOIN payments_payment p ON p.id = CASE o.source_kind WHEN 'payment' THEN o.source_id
                                         WHEN 'placement' THEN m.payment_id END
 WHERE o.side = 'credit' AND o.amount_cents > coalesce(g.gave, 0)
   AND (%(account)s::bigint IS NULL OR o.account_id = %(account)s)
 ORDER BY o.account_id, o.effective_on, o.id
"""
_ACCOUNTS = """
SELECT a.id, a.number, h.name, a.holder_id, a.closed_on,
       (SELECT CASE WHEN bool_or(upper_inf(s.validity) OR upper(s.validity) > %(today)s) THEN NULL
                    ELSE max(upper(s.validity)) END
          FROM customers_serviceagreement s WHERE s.account_id = a.id),
       v.until, v.reason,
       (SELECT min(o.number) FROM customers_account o
         WHERE o.holder_id = a.holder_id AND o.id <> a.id AND o.closed_on IS NULL)
  FROM customers_account a JOIN customers_person h ON h.id = a.holder_id
  LEFT JOIN LATERAL (SELECT r.until, r.reason FROM refunds_creditreview r WHERE r.account_id = a.id
                      ORDER BY r.id DESC LIMIT 1) v ON true
 WHERE a.id = ANY(%(accounts)s)
"""


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """One credit: cents nobody has spent or asked for, since when, and from when on it is certain to stay."""

    item: int
    account: int
    service: str
    since: date
    source_kind: str
    source_id: int
    cents: int
    asked_cents: int
    certain_on: date


@dataclass(frozen=True, slots=True)
class AccountCredits:
    """An account's open credits together. ``standing`` is one of `STANDINGS`; ``next_on`` the day it is looked at."""

    account: int
    number: str
    name: str
    closed_on: date | None
    cents: int
    asked_cents: int
    since: date
    certain_on: date
    days: int
    standing: str
    next_on: date
    suggests: str
    other_account: str
    reason: str
    credits: tuple[OpenCredit, ...]


def open_credits(day: date, account_id: int | None = None) -> list[OpenCredit]:
    """Every credit with cents left, of an account or of all, oldest first within each account."""
    _, rules = refund_rules_on(day)
    with connection.cursor() as cursor:
        cursor.execute(_CREDITS, {"account": account_id})
        rows = cursor.fetchall()
    return [
        OpenCredit(
            row[0], row[1], row[2], row[3], row[4], row[5], int(row[6]), int(row[7]),
            rules.cleared_on(row[8], row[9]) if row[8] else row[3],
        )
        for row in rows
    ]  # fmt: skip


def worklist(day: date) -> list[AccountCredits]:
    """Every account with an open credit: customers who left first, then by what is to be done, the oldest first."""
    by_account: dict[int, list[OpenCredit]] = defaultdict(list)
    for credit in open_credits(day):
        by_account[credit.account].append(credit)
    facts = _facts(list(by_account), day)
    rows = [_row(found, facts[account], day) for account, found in by_account.items()]
    return sorted(
        rows, key=lambda row: (row.closed_on is None, STANDINGS.index(row.standing), row.since, row.number)
    )  # fmt: skip


def unattended(day: date) -> list[AccountCredits]:
    """Credits nobody acts on: due to be looked at, and neither asked for nor explained."""
    return [row for row in worklist(day) if row.standing == "to_do"]


def of_account(account_id: int, day: date) -> AccountCredits | None:
    """One account's open credits, or nothing."""
    found = open_credits(day, account_id)
    return _row(found, _facts([account_id], day)[account_id], day) if found else None


def _facts(accounts: list[int], day: date) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {"accounts": accounts, "today": day})
        return {row[0]: row for row in cursor.fetchall()}


def _row(credits: list[OpenCredit], facts: tuple[Any, ...], day: date) -> AccountCredits:
    _, number, name, _holder, closed_on, served_until, until, reason, other = facts
    _, rules = refund_rules_on(day)
    left = closed_on or served_until
    cents, asked = sum(one.cents for one in credits), sum(one.asked_cents for one in credits)
    since = min(one.since for one in credits)
    certain = max(one.certain_on for one in credits)
    looked_at = rules.looked_at_from(max(since, left) if left else since, closed=left is not None)
    small = left is not None and cents <= rules.small.credits_cents
    if cents == 0:
        standing, next_on = "proposed", day
    elif until is not None and until > day:
        standing, next_on = "reviewed", until
    elif looked_at > day:
        standing, next_on = "not_due", looked_at
    elif certain > day:
        standing, next_on = "clearing", certain
    elif small:
        standing, next_on = "small", day
    else:
        standing, next_on = "to_do", looked_at
    return AccountCredits(
        account=credits[0].account, number=number, name=name, closed_on=left, cents=cents, asked_cents=asked,
        since=since, certain_on=certain, days=(day - since).days, standing=standing, next_on=next_on,
        suggests=_suggests(cents, left, other, small=small, least=rules.least["check"]), other_account=other or "",
        reason=reason if standing == "reviewed" else "", credits=tuple(credits),
    )  # fmt: skip


def _suggests(cents: int, left: date | None, other: str | None, *, small: bool, least: int) -> str:
    """What is usually done: other account, check, written down, left for the next bill; nothing where all is asked."""
    if not cents:
        return ""
    if left is None:
        return "next_bill"
    if small:
        return "small"
    if other:
        return "transfer"
    return "check" if cents >= least else "keep"
