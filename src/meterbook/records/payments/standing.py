"""Where a payment is now: which accounts hold how much of it, and what of it is in suspense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

_NOW = """
SELECT payment_id, account_id, item_id, sum(cents)::bigint FROM (
    SELECT p.id AS payment_id, p.account_id, o.id AS item_id, p.amount_cents AS cents
      FROM payments_payment p
      LEFT JOIN ledger_openitem o ON o.source_kind = 'payment' AND o.source_id = p.id AND o.side = 'credit'
     WHERE p.id = ANY(%(payments)s)
    UNION ALL
    SELECT m.payment_id, m.to_account_id, o.id, m.amount_cents FROM payments_paymentmove m
      LEFT JOIN ledger_openitem o ON o.source_kind = 'placement' AND o.source_id = m.id AND o.side = 'credit'
     WHERE m.payment_id = ANY(%(payments)s)
    UNION ALL
    SELECT m.payment_id, m.from_account_id, l.credit_id, -m.amount_cents FROM payments_paymentmove m
      LEFT JOIN ledger_openitem o ON o.source_kind = 'placement' AND o.source_id = m.id AND o.side = 'charge'
      LEFT JOIN LATERAL (SELECT DISTINCT a.credit_id FROM ledger_allocation a WHERE a.charge_id = o.id AND a.pinned) l
        ON true
     WHERE m.payment_id = ANY(%(payments)s)
    UNION ALL
    SELECT r.payment_id, q.account_id, l.credit_id, -q.amount_cents FROM payments_paymentreversal r
      JOIN payments_reversedpart q ON q.reversal_id = r.id
      LEFT JOIN ledger_openitem o ON o.source_kind = 'reversal' AND o.source_id = q.id AND o.side = 'charge'
      LEFT JOIN LATERAL (SELECT DISTINCT a.credit_id FROM ledger_allocation a WHERE a.charge_id = o.id AND a.pinned) l
        ON true
     WHERE r.payment_id = ANY(%(payments)s)) t
 GROUP BY 1, 2, 3 HAVING sum(cents) <> 0 ORDER BY 1, 3 NULLS FIRST
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Cents of a payment on an account, in the credit ``item``; without an account, in suspense."""

    payment: int
    account: int | None
    item: int | None
    cents: int


def lock_payments(payments: Sequence[int]) -> None:
    """Lock payments in order of id, before any account is locked: whoever changes where money is does so in turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM payments_payment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [sorted(payments)]
        )


def parts_of(payments: Sequence[int]) -> list[Part]:
    """Where each payment is now; a payment taken back is nowhere."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW, {"payments": list(payments)})
        return [Part(row[0], row[1], row[2], int(row[3])) for row in cursor.fetchall()]
