"""What pages show of the books of one account: what is owed by service and age, and every movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from meterbook.records.ledger.models import AccountOrder, Entry, OpenItem

#: Ledger accounts that together are what a customer owes: receivables, less what he paid ahead.
_HIS = "('receivable', 'unapplied')"


@dataclass(frozen=True, slots=True)
class Owed:
    """What an account owes for one service, in cents."""

    service: str
    not_due_cents: int
    past_due_cents: int
    credit_cents: int
    past_due_since: date | None

    @property
    def balance_cents(self) -> int:
        """Charges less credits."""
        return self.not_due_cents + self.past_due_cents - self.credit_cents


_OWED = """
WITH item AS (
  SELECT o.service, o.side, o.due_on,
         o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                     WHERE l.charge_id = o.id OR l.credit_id = o.id), 0) AS open_cents
    FROM ledger_openitem o WHERE o.account_id = %s)
SELECT service,
       coalesce(sum(open_cents) FILTER (WHERE side = 'charge' AND due_on >= %s), 0),
       coalesce(sum(open_cents) FILTER (WHERE side = 'charge' AND due_on < %s), 0),
       coalesce(sum(open_cents) FILTER (WHERE side = 'credit'), 0),
       min(due_on) FILTER (WHERE side = 'charge' AND due_on < %s AND open_cents > 0)
  FROM item GROUP BY service ORDER BY service
"""


def owed(account_id: int, day: date) -> list[Owed]:
    """What an account owes on a day, service by service; services without a balance are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, [account_id, day, day, day])
        rows = [Owed(row[0], int(row[1]), int(row[2]), int(row[3]), row[4]) for row in cursor.fetchall()]
    return [row for row in rows if row.not_due_cents or row.past_due_cents or row.credit_cents]


_BALANCES = """
SELECT account_id, sum(CASE side WHEN 'charge' THEN amount_cents ELSE -amount_cents END)
  FROM ledger_openitem WHERE account_id = ANY(%s) GROUP BY account_id
"""


def balances(account_ids: Sequence[int]) -> dict[int, int]:
    """What each of some accounts owes altogether, in cents."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, [list(account_ids)])
        return {row[0]: int(row[1]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Movement:
    """One bill, payment or reversal as it changed what the account owes, and what it owed after."""

    effective_on: date
    source_kind: str
    source_id: int
    amount_cents: int
    balance_cents: int


_MOVEMENTS = f"""
WITH moved AS (
  SELECT e.effective_on, e.source_kind, e.source_id, min(e.recorded_at) AS recorded_at, min(e.id) AS first_id,
         sum(CASE WHEN d.role IN {_HIS} THEN e.amount_cents ELSE 0 END
           - CASE WHEN c.role IN {_HIS} THEN e.amount_cents ELSE 0 END) AS amount
    FROM ledger_entry e
    JOIN ledger_ledgeraccount d ON d.id = e.debit_id
    JOIN ledger_ledgeraccount c ON c.id = e.credit_id
   WHERE e.account_id = %s GROUP BY 1, 2, 3)
SELECT effective_on, source_kind, source_id, amount,
       sum(amount) OVER (ORDER BY effective_on, recorded_at, first_id ROWS UNBOUNDED PRECEDING) AS balance
  FROM moved WHERE amount <> 0
 ORDER BY effective_on DESC, recorded_at DESC, first_id DESC LIMIT %s
"""


def movements(account_id: int, limit: int) -> list[Movement]:
    """The newest movements of an account with the balance after each; what moved nothing is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENTS, [account_id, limit])
        return [Movement(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in cursor.fetchall()]


def entries(account_id: int) -> QuerySet[Entry, Any]:
    """Every transfer of an account: debit account, credit account, amount, and the deed behind it."""
    return Entry.objects.filter(account_id=account_id).values(
        "id", "run_id", "effective_on", "service", "amount_cents", "source_kind", "source_id", "recorded_at",
        period_code=F("period__code"), debit_code=F("debit__code"), debit_en=F("debit__title_en"),
        debit_es=F("debit__title_es"), credit_code=F("credit__code"), credit_en=F("credit__title_en"),
        credit_es=F("credit__title_es"), by=F("deed__actor__username"),
    )  # fmt: skip


def open_item(item_id: int) -> OpenItem:
    """An open item by id."""
    return OpenItem.objects.select_related("account").get(pk=item_id)


def account_orders(account_id: int) -> QuerySet[AccountOrder]:
    """An account's own orders of payment, the newest first."""
    return AccountOrder.objects.filter(account_id=account_id).select_related("deed__actor").order_by("-validity")


_MOVED_IN = """
SELECT e.effective_on, e.source_kind, e.source_id, min(e.id) AS first_id,
       sum(CASE WHEN d.role IN ('receivable', 'unapplied') THEN e.amount_cents ELSE 0 END
         - CASE WHEN c.role IN ('receivable', 'unapplied') THEN e.amount_cents ELSE 0 END)::bigint AS amount
  FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id JOIN ledger_ledgeraccount c ON c.id = e.credit_id
 WHERE e.account_id = %s AND e.effective_on < %s GROUP BY 1, 2, 3
HAVING sum(CASE WHEN d.role IN ('receivable', 'unapplied') THEN e.amount_cents ELSE 0 END
         - CASE WHEN c.role IN ('receivable', 'unapplied') THEN e.amount_cents ELSE 0 END) <> 0
 ORDER BY 1, 4
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """Movements of the days from ``since`` up to (not with) ``until``, oldest first; balances in cents."""

    since: date
    until: date
    opening_cents: int
    lines: list[Movement]

    @property
    def closing_cents(self) -> int:
        """What was owed at the end."""
        return self.lines[-1].balance_cents if self.lines else self.opening_cents

    @property
    def charged_cents(self) -> int:
        """What made more owed."""
        return sum(line.amount_cents for line in self.lines if line.amount_cents > 0)

    @property
    def credited_cents(self) -> int:
        """What made less owed; zero or below."""
        return sum(line.amount_cents for line in self.lines if line.amount_cents < 0)


def statement_of(account_id: int, *, since: date, until: date) -> Statement:
    """An account's statement by the days things took effect."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVED_IN, [account_id, until])
        moved = cursor.fetchall()
    opening = sum(int(row[4]) for row in moved if row[0] < since)
    lines, balance = [], opening
    for day, kind, source, _, cents in moved:
        if day >= since:
            balance += int(cents)
            lines.append(Movement(day, kind, source, int(cents), balance))
    return Statement(since, until, opening, lines)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """What is still open of the charges due on one day, in cents."""

    due_on: date
    cents: int


_OPEN = """
SELECT service, side, due_on, sum(open_cents) FROM (
  SELECT o.service, o.side, o.due_on,
         o.amount_cents - coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l
                                     WHERE l.charge_id = o.id OR l.credit_id = o.id), 0) AS open_cents
    FROM ledger_openitem o WHERE o.account_id = %s) item
 WHERE open_cents <> 0 GROUP BY service, side, due_on ORDER BY service, due_on
"""


def owed_and_due(account_id: int, day: date) -> tuple[list[Owed], list[OpenDay]]:
    """What `owed` says of an account, and the days its open charges are due, oldest first, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [account_id])
        rows = cursor.fetchall()
    services: dict[str, list[Any]] = {}
    due: dict[date, int] = {}
    for service, side, due_on, cents in rows:
        sums = services.setdefault(service, [0, 0, 0, None])
        if side == "credit":
            sums[2] += int(cents)
            continue
        late = due_on < day
        sums[1 if late else 0] += int(cents)
        due[due_on] = due.get(due_on, 0) + int(cents)
        if late and cents > 0:
            sums[3] = min(filter(None, (sums[3], due_on)))
    owing = [Owed(service, *sums) for service, sums in services.items() if any(sums[:3])]
    return owing, [OpenDay(on, cents) for on, cents in sorted(due.items()) if cents > 0]
