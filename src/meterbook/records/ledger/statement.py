"""The statement of an account over some days: opening balance, every movement, closing balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.ledger.screens import Movement

_MOVED = """
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
        cursor.execute(_MOVED, [account_id, until])
        moved = cursor.fetchall()
    opening = sum(int(row[4]) for row in moved if row[0] < since)
    lines, balance = [], opening
    for day, kind, source, _, cents in moved:
        if day >= since:
            balance += int(cents)
            lines.append(Movement(day, kind, source, int(cents), balance))
    return Statement(since, until, opening, lines)
