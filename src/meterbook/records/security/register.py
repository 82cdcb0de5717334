"""The deposit register: what was held before some days, what came and went in them, what is held after; to the cent."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Line:
    """One account's deposits over some days, in cents; interest is that added to the deposit, not to the account."""

    account: str
    holder: str
    opening_cents: int
    received_cents: int
    interest_cents: int
    moved_in_cents: int
    applied_cents: int
    refunded_cents: int
    moved_out_cents: int
    returned_cents: int
    closing_cents: int
    credited_cents: int


#: A deposit stands on the day of the deed that booked it, a use on its own: the effective days of their transfers.
_REGISTER = """
WITH moved AS (
    SELECT d.account_id, d.kind, d.amount_cents AS cents, e.business_date AS day
      FROM ledger_deposit d JOIN platform_deed e ON e.id = d.deed_id
    UNION ALL
    SELECT d.account_id, CASE u.kind WHEN 'moved' THEN 'moved_out' ELSE u.kind END, -u.amount_cents, u.used_on
      FROM ledger_deposituse u JOIN ledger_deposit d ON d.id = u.deposit_id
    UNION ALL
    SELECT d.account_id, 'credited', i.amount_cents, e.business_date
      FROM ledger_depositinterest i JOIN ledger_deposit d ON d.id = i.deposit_id
      JOIN platform_deed e ON e.id = i.deed_id WHERE i.to = 'account')
SELECT a.number, p.name,
       coalesce(sum(cents) FILTER (WHERE kind <> 'credited' AND day < %(first)s), 0),
       coalesce(sum(cents) FILTER (WHERE kind IN ('received', 'instalment') AND day >= %(first)s), 0),
       coalesce(sum(cents) FILTER (WHERE kind = 'interest' AND day >= %(first)s), 0),
       coalesce(sum(cents) FILTER (WHERE kind = 'moved' AND day >= %(first)s), 0),
       coalesce(-sum(cents) FILTER (WHERE kind = 'applied' AND day >= %(first)s), 0),
       coalesce(-sum(cents) FILTER (WHERE kind = 'refunded' AND day >= %(first)s), 0),
       coalesce(-sum(cents) FILTER (WHERE kind = 'moved_out' AND day >= %(first)s), 0),
       coalesce(-sum(cents) FILTER (WHERE kind = 'returned' AND day >= %(first)s), 0),
       coalesce(sum(cents) FILTER (WHERE kind <> 'credited'), 0),
       coalesce(sum(cents) FILTER (WHERE kind = 'credited' AND day >= %(first)s), 0)
  FROM moved m JOIN customers_account a ON a.id = m.account_id JOIN customers_person p ON p.id = a.holder_id
 WHERE m.day <= %(last)s GROUP BY a.number, p.name
HAVING coalesce(sum(cents) FILTER (WHERE kind <> 'credited' AND day < %(first)s), 0) <> 0 OR bool_or(day >= %(first)s)
 ORDER BY a.number
"""


def register(first: date, last: date) -> list[Line]:
    """Every account with a deposit held before ``first`` or moved up to ``last``, by number."""
    with connection.cursor() as cursor:
        cursor.execute(_REGISTER, {"first": first, "last": last})
        return [Line(row[0], row[1], *(int(cents) for cents in row[2:])) for row in cursor.fetchall()]


def totals(lines: list[Line]) -> dict[str, int]:
    """The sums of the register's columns."""
    names = [each.name for each in fields(Line) if each.name.endswith("_cents")]
    return {name: sum(getattr(line, name) for line in lines) for name in names}


def liability(last: date) -> int:
    """What the books hold as deposits at the end of a day, in cents: each movement on its effective day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(-sum(l.cents), 0) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
            " WHERE a.role = 'deposits' AND l.effective_on <= %s",
            [last],
        )
        return int(cursor.fetchone()[0])
