"""Instalments nobody has to pay any more: what is unpaid of them is taken back, each credit on its own charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connection

from meterbook.records.ledger.allocating import MADE, store
from meterbook.records.ledger.deposits.instalments import SOURCE
from meterbook.records.ledger.models import Entry, OpenItem
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import AccountingPeriod, Deed

_OPEN = """
SELECT o.account_id, o.id, o.amount_cents - coalesce(sum(l.amount_cents), 0)
  FROM ledger_openitem o LEFT JOIN ledger_allocation l ON l.charge_id = o.id
 WHERE o.account_id = ANY(%s) AND o.source_kind = 'install' AND o.side = 'charge'
   AND NOT EXISTS (SELECT FROM ledger_openitem c WHERE c.source_kind = 'install' AND c.side = 'credit'
                      AND c.source_id = o.source_id)
 GROUP BY o.id HAVING o.amount_cents > coalesce(sum(l.amount_cents), 0) ORDER BY o.due_on DESC, o.id DESC
"""
#: By account, what was a deposit and was used before its payment came back: owed for good.
_STUCK = """
SELECT account_id, sum(known) - sum(paid) FROM (
    SELECT d.account_id, d.amount_cents - coalesce((SELECT sum(u.amount_cents) FROM ledger_deposituse u
             WHERE u.deposit_id = d.id AND u.kind = 'returned'), 0) AS known, 0 AS paid
      FROM ledger_deposit d WHERE d.account_id = ANY(%(accounts)s) AND d.kind = 'instalment'
    UNION ALL
    SELECT c.account_id, 0, l.amount_cents FROM ledger_openitem c JOIN ledger_allocation l ON l.charge_id = c.id
      JOIN ledger_openitem g ON g.id = l.credit_id AND g.source_kind <> 'install'
     WHERE c.account_id = ANY(%(accounts)s) AND c.source_kind = 'install' AND c.side = 'charge') t
 GROUP BY 1 HAVING sum(known) > sum(paid)
"""


def cancellable(accounts: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """What can be taken back of instalments: open item and cents, by account, the newest first.

    Never what stands for a deposit that was used although its payment came back: that is owed.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    if not accounts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [list(accounts)])
        rows = cursor.fetchall()
        cursor.execute(_STUCK, {"accounts": [row[0] for row in rows]})
        stuck = {account: int(cents) for account, cents in cursor.fetchall()}
    left: dict[int, int] = {}
    for account, _, cents in rows:
        left[account] = left.get(account, -stuck.get(account, 0)) + int(cents)
    for account, item, cents in rows:
        take = min(int(cents), max(left[account], 0))
        if take:
            found.setdefault(account, []).append((item, take))
            left[account] -= take
    return found


def cancel(accounts: Sequence[int], *, effective_on: date, period: AccountingPeriod, deed: Deed) -> int:
    """Take back what is unpaid of the instalments charged to some accounts, which the caller has locked; the cents."""
    made = []
    for account, items in cancellable(accounts).items():
        for item, cents in items:
            made.append((_credit(item, cents, effective_on, period, deed), account, cents))
    rows = [(credit.pk, charge, account, cents, credit.service, credit.service, True)
            for (credit, charge), account, cents in made]  # fmt: skip
    store(
        pl.DataFrame(rows, schema=dict(MADE), orient="row"), effective_on=effective_on, period=period, deed=deed
    )  # fmt: skip
    return sum(cents for _, _, cents in made)


def _credit(item: int, cents: int, day: date, period: AccountingPeriod, deed: Deed) -> tuple[OpenItem, int]:
    """The credit against one instalment, and the transfer behind it."""
    charge = OpenItem.objects.get(pk=item)
    credit = OpenItem.objects.create(
        account_id=charge.account_id, side=OpenItem.CREDIT, service=charge.service, category=charge.category,
        due_on=charge.due_on, amount_cents=cents, source_kind=SOURCE, source_id=charge.source_id, effective_on=day,
        period=period, deed=deed,
    )  # fmt: skip
    Entry.objects.create(
        run_id=0, debit=account_for("deposits_asked"), credit=account_for("receivable", charge.service),
        amount_cents=cents, account_id=charge.account_id, service=charge.service, effective_on=day, period=period,
        source_kind=SOURCE, source_id=charge.source_id, deed=deed,
    )  # fmt: skip
    return credit, charge.pk
