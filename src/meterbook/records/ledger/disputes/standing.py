"""What of an account is in dispute: the one question penalty, shutoff, lien, agency, drafts and aging ask.

It is asked of the books themselves, each time: a dispute taken a second ago counts, and so does one that just ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.engine.ledger.disputed import OpenCharge, disputed_parts


@dataclass(frozen=True, slots=True)
class Disputed:
    """A charge of which some is in dispute: ``disputed_cents`` of the ``open_cents`` nobody may collect now."""

    account: int
    item: int
    service: str
    category: str
    due_on: date
    source_kind: str
    source: int
    open_cents: int
    disputed_cents: int
    named: bool


_NAMED = """
SELECT p.account_id, d.item_id, sum(d.amount_cents)
  FROM ledger_disputeditem d JOIN customers_protection p ON p.id = d.protection_id
 WHERE d.released_by_id IS NULL AND p.kind = 'dispute' AND p.validity @> %(day)s::date
   AND (%(accounts)s::bigint[] IS NULL OR p.account_id = ANY(%(accounts)s)) GROUP BY 1, 2
"""
_OPEN = """
SELECT * FROM (
  SELECT o.account_id, o.id, o.service, o.category, o.due_on, o.source_kind, o.source_id,
         (o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l WHERE l.charge_id = o.id),
                                    0))::bigint AS cents
    FROM ledger_openitem o WHERE o.side = 'charge' AND o.account_id = ANY(%s)) t WHERE cents > 0
"""


def disputed(account_id: int, day: date) -> list[Disputed]:
    """Every charge of an account that is in dispute on a day, wholly or in part, the oldest first."""
    return disputed_of([account_id], day).get(account_id, [])


def disputed_of(accounts: Collection[int] | None, day: date) -> dict[int, list[Disputed]]:
    """The charges in dispute of some accounts, or of all, by account; accounts without one are left out."""
    named: dict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"day": day, "accounts": None if accounts is None else list(accounts)})
        for account, item, cents in cursor.fetchall():
            named[account][item] = int(cents)
        if not named:
            return {}
        cursor.execute(_OPEN, [list(named)])
        rows = cursor.fetchall()
    open_of: dict[int, list[OpenCharge]] = defaultdict(list)
    for row in rows:
        open_of[row[0]].append(OpenCharge(row[1], row[4], row[7]))
    parts = {account: disputed_parts(items, open_of[account]) for account, items in named.items()}
    found: dict[int, list[Disputed]] = defaultdict(list)
    for account, item, *about, due_on, kind, source, cents in sorted(rows, key=lambda row: (row[4], row[1])):
        if part := parts[account].get(item):
            service, category = about
            one = Disputed(account, item, service, category, due_on, kind, source, cents, part, item in named[account])
            found[account].append(one)
    return dict(found)


def disputed_cents(accounts: Collection[int] | None, day: date) -> dict[int, int]:
    """Cents in dispute by account; accounts without a dispute are left out."""
    return {account: sum(one.disputed_cents for one in rows) for account, rows in disputed_of(accounts, day).items()}


def past_due_disputed(accounts: Collection[int] | None, day: date) -> dict[int, list[tuple[date, int]]]:
    """What of the past due charges of accounts is in dispute: due date and cents, by account."""
    found = {
        account: [(one.due_on, one.disputed_cents) for one in rows if one.due_on < day]
        for account, rows in disputed_of(accounts, day).items()
    }
    return {account: rows for account, rows in found.items() if rows}
