"""What a deed posts, line by line, for whoever decides about it: tried, read, and undone again.

`would_post` runs the very function that will post, inside the transaction, reads what it wrote and takes it back. What
is shown is therefore what the books will say; `posted` reads the same lines after the deed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from meterbook.records.platform.models import Deed

_ENTRIES = """
SELECT coalesce(n.number, ''), d.code, d.title_en, d.title_es, c.code, c.title_en, c.title_es, e.service,
       sum(e.amount_cents)::bigint, e.effective_on, p.code
  FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id JOIN ledger_ledgeraccount c ON c.id = e.credit_id
  JOIN platform_accountingperiod p ON p.id = e.period_id LEFT JOIN customers_account n ON n.id = e.account_id
 WHERE e.deed_id = %s AND e.run_id = 0
 GROUP BY n.number, d.code, d.title_en, d.title_es, c.code, c.title_en, c.title_es, e.service, e.effective_on, p.code
 ORDER BY n.number COLLATE "C" NULLS FIRST, d.code COLLATE "C", c.code COLLATE "C", e.service COLLATE "C"
"""
_OWED = """
SELECT n.number, o.service, o.category, o.due_on, sum(l.amount_cents)::bigint
  FROM ledger_allocation l JOIN ledger_openitem o ON o.id = l.charge_id JOIN customers_account n ON n.id = o.account_id
 WHERE l.deed_id = %s AND o.deed_id <> l.deed_id GROUP BY n.number, o.service, o.category, o.due_on
HAVING sum(l.amount_cents) <> 0
 ORDER BY n.number COLLATE "C", o.due_on, o.service COLLATE "C", o.category COLLATE "C"
"""


def posted(deed: Deed) -> dict[str, Any]:
    """``entries`` a deed wrote, and ``settles``: charges of before that it settled (below zero: owed again), in cents.

    Everything in it is text or whole numbers, as an approval keeps it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [deed.pk])
        entries = [
            {
                "account": row[0], "debit": row[1], "debit_en": row[2], "debit_es": row[3], "credit": row[4],
                "credit_en": row[5], "credit_es": row[6], "service": row[7], "cents": row[8], "effective": str(row[9]),
                "period": row[10],
            }
            for row in cursor.fetchall()
        ]  # fmt: skip
        cursor.execute(_OWED, [deed.pk])
        settles = [
            {"account": row[0], "service": row[1], "category": row[2], "due_on": str(row[3]), "cents": row[4]}
            for row in cursor.fetchall()
        ]
    return {"entries": entries, "settles": settles}


def would_post(deed: Deed, do: Callable[[], object]) -> dict[str, Any]:
    """What `posted` would say after ``do``; nothing of it stays. Raises whatever ``do`` refuses."""
    with transaction.atomic():
        do()
        found = posted(deed)
        transaction.set_rollback(True)
    return found
