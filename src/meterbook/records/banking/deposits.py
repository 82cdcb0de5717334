"""Deposits in transit: what stands in the clearing account and waits for the bank, by what it is.

A deposit is known by a key: `batch:17` all payments of a batch (with what the same file took back),
`day:2026-06-03:card` payments without a batch of one day and tender, `reversal:5` a payment that came back later,
`drawer:3` and the like whatever another area booked there, by the kind and id of its record. What was matched is taken
off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from meterbook.records.ledger.transfers import account_for

_OPEN = """
WITH moved AS (
    SELECT 'batch:' || b.id AS key, b.received_on AS on_day, b.total_cents AS cents, b.channel AS what,
           b.number AS reference
      FROM payments_paymentbatch b
     WHERE EXISTS (SELECT FROM payments_payment p WHERE p.batch_id = b.id AND p.into_id = %(clearing)s)
    UNION ALL
    SELECT 'day:' || p.received_on || ':' || p.tender, p.received_on, p.amount_cents, p.tender, ''
      FROM payments_payment p WHERE p.batch_id IS NULL AND p.into_id = %(clearing)s
    UNION ALL
    SELECT CASE WHEN d.kind = 'banking.finish_file' THEN 'batch:' || split_part(d.subject, ':', 2)
                WHEN r.kind = 'unposted' AND p.batch_id IS NOT NULL THEN 'batch:' || p.batch_id
                ELSE 'reversal:' || r.id END,
           r.reversed_on, -p.amount_cents,
           CASE WHEN d.kind = 'banking.finish_file' OR (r.kind = 'unposted' AND p.batch_id IS NOT NULL) THEN NULL
                ELSE r.kind END,
           CASE WHEN d.kind = 'banking.finish_file' OR (r.kind = 'unposted' AND p.batch_id IS NOT NULL) THEN NULL
                ELSE coalesce(nullif(p.reference, ''), p.written_account) END
      FROM payments_paymentreversal r JOIN payments_payment p ON p.id = r.payment_id
      JOIN platform_deed d ON d.id = r.deed_id
     WHERE r.out_of_id = %(clearing)s
    UNION ALL
    SELECT e.source_kind || ':' || e.source_id, e.effective_on,
           CASE WHEN e.debit_id = %(clearing)s THEN e.amount_cents ELSE -e.amount_cents END, e.source_kind, ''
      FROM ledger_entry e
     WHERE e.run_id = 0 AND (e.debit_id = %(clearing)s OR e.credit_id = %(clearing)s)
       AND e.source_kind NOT IN ('payment', 'reversal', 'bank')
), matched AS (
    SELECT key, sum(cents) AS cents FROM banking_matcheddeposit WHERE stands GROUP BY key
), taken AS (
    SELECT m.key, min(m.on_day) AS on_day, sum(m.cents) AS cents, min(m.what) AS what, max(m.reference) AS reference
      FROM moved m GROUP BY m.key
)
SELECT t.key, t.on_day, (t.cents - coalesce(x.cents, 0))::bigint, t.cents::bigint, t.what, t.reference
  FROM taken t LEFT JOIN matched x ON x.key = t.key
 WHERE {keys} {open} ORDER BY 2, 1
"""


@dataclass(frozen=True, slots=True)
class InTransit:
    """One deposit: ``cents`` still waiting (below zero for money that went back), ``all_cents`` what it was."""

    key: str
    on: date
    cents: int
    all_cents: int
    what: str
    reference: str


def in_transit(keys: Sequence[str] | None = None, *, settled: bool = False) -> list[InTransit]:
    """Every deposit that waits, oldest first; or those of ``keys``. ``settled`` shows also what waits no more."""
    wanted = "TRUE" if keys is None else "t.key = ANY(%(keys)s)"
    still = "" if settled else "AND t.cents <> coalesce(x.cents, 0)"
    sql = _OPEN.format(keys=wanted, open=still)
    values: dict[str, Any] = {"clearing": account_for("clearing").pk, "keys": list(keys or ())}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [InTransit(row[0], row[1], int(row[2]), int(row[3]), row[4], row[5] or "") for row in cursor.fetchall()]


def clearing_cents() -> int:
    """What stands in the clearing account: zero once everything has reached the bank."""
    clearing = account_for("clearing").pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(CASE WHEN debit_id = %(c)s THEN amount_cents ELSE -amount_cents END), 0)::bigint"
            " FROM ledger_entry WHERE debit_id = %(c)s OR credit_id = %(c)s",
            {"c": clearing},
        )
        row = cursor.fetchone()
    return int(row[0])
