"""Accounts that should be empty at a month's end, and what explains what is still in them, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.engine.ledger.closing.explaining import unanswered
from meterbook.records.closing.months import Span


@dataclass(frozen=True, slots=True)
class Explained:
    """One batch, or one deed where there is no batch, that nothing has answered yet; cents above zero are debits."""

    batch: str
    source_kind: str
    source_id: int
    on: date
    cents: int


_MOVES = """
SELECT coalesce(b.number, ''), e.source_kind, min(e.source_id), min(greatest(e.effective_on, lower(p.validity))) AS day,
       sum(s.cents)::bigint
  FROM ledger_entry e
 CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount_cents), (e.credit_id, -e.amount_cents)) s(chart, cents)
  JOIN ledger_ledgeraccount a ON a.id = s.chart AND a.role = %(role)s
  JOIN platform_accountingperiod p ON p.id = e.period_id AND upper(p.validity) <= %(ends)s
  LEFT JOIN payments_payment y ON e.source_kind = 'payment' AND y.id = e.source_id
  LEFT JOIN payments_paymentbatch b ON b.id = y.batch_id
 GROUP BY 1, e.source_kind, CASE WHEN b.id IS NULL THEN e.deed_id END
HAVING sum(s.cents) <> 0 ORDER BY day, min(e.id)
"""


def explained(role: str, span: Span) -> list[Explained]:
    """What is left in the account with a role at the span's end; nothing where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, {**span.days, "role": role})
        moves = [(Explained(row[0], row[1], row[2], row[3], int(row[4])), int(row[4])) for row in cursor.fetchall()]
    return [
        Explained(key.batch, key.source_kind, key.source_id, key.on, cents) for key, cents in unanswered(moves)
    ]  # fmt: skip


_DEPOSITS = """
SELECT CASE WHEN p.validity << daterange(%(starts)s, NULL) THEN 'opening'
            WHEN d.role = 'deposit_interest' THEN 'interest' ELSE e.source_kind END, sum(s.cents)::bigint
  FROM ledger_entry e
  JOIN ledger_ledgeraccount d ON d.id = e.debit_id
 CROSS JOIN LATERAL (VALUES (e.debit_id, -e.amount_cents), (e.credit_id, e.amount_cents)) s(chart, cents)
  JOIN ledger_ledgeraccount a ON a.id = s.chart AND a.role = 'deposits'
  JOIN platform_accountingperiod p ON p.id = e.period_id AND upper(p.validity) <= %(ends)s
 GROUP BY 1 ORDER BY 1
"""


def deposits_rolled(span: Span) -> dict[str, int]:
    """Deposits held: ``opening``, then what each kind of booking added (above zero) or took, in cents; ``closing``."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPOSITS, span.days)
        found = {kind: int(cents) for kind, cents in cursor.fetchall()}
    opening = found.pop("opening", 0)
    return {"opening": opening, **found, "closing": opening + sum(found.values())}


_OLD = """
SELECT y.id, coalesce(b.number, ''), y.received_on, y.amount_cents
       - coalesce((SELECT sum(m.amount_cents) FROM payments_paymentmove m
                     WHERE m.payment_id = y.id AND m.from_account_id IS NULL AND m.moved_on < %(ends)s), 0)
       - coalesce((SELECT sum(r.amount_cents) FROM payments_reversedpart r
                     JOIN payments_paymentreversal v ON v.id = r.reversal_id AND v.reversed_on < %(ends)s
                    WHERE v.payment_id = y.id AND r.account_id IS NULL), 0) AS cents
  FROM payments_payment y LEFT JOIN payments_paymentbatch b ON b.id = y.batch_id
 WHERE y.account_id IS NULL AND y.received_on < %(since)s
"""


def unidentified_before(span: Span, since: date) -> list[Explained]:
    """Payments without an account received before ``since`` that still wait at the span's end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_OLD}) x WHERE cents > 0 ORDER BY 3, 1", {**span.days, "since": since})
        return [Explained(row[1], "payment", row[0], row[2], -int(row[3])) for row in cursor.fetchall()]
