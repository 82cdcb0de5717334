"""Where refunds stand in the books: whose money came back after all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

#: The charge a refund left on its account is settled by the credit it took. Where that credit was reversed later, the
#: charge is open again: the customer owes what was refunded.
_BOUNCED = """
SELECT b.refund_id, sum(o.amount_cents - coalesce(r.got, 0))::bigint
  FROM refunds_refundbooking b
  JOIN ledger_openitem o ON o.source_kind = 'refund' AND o.source_id = b.id AND o.side = 'charge'
  LEFT JOIN LATERAL (SELECT sum(l.amount_cents) AS got FROM ledger_allocation l WHERE l.charge_id = o.id) r ON true
 WHERE b.kind = 'taken' AND (b.refund_id = ANY(%(refunds)s) OR %(all)s)
 GROUP BY 1 HAVING sum(o.amount_cents - coalesce(r.got, 0)) > 0
"""


def bounced(refunds: Sequence[int] | None = None) -> dict[int, int]:
    """Refunds whose money turned out not to be there: cents owed again, by refund; of all where none are named."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUNCED, {"refunds": list(refunds or []), "all": refunds is None})
        return {int(refund): int(cents) for refund, cents in cursor.fetchall()}
