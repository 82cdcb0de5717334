"""Writing the books: a run's charges become transfers and open items, set-wise."""

from __future__ import annotations

from datetime import date

from django.db import connection

from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.models import AccountingPeriod, Deed


class NoLedgerAccount(LookupError):
    """The chart of accounts has no account for this role or revenue code."""


def account_for(role: str, service: str = "") -> LedgerAccount:
    """The chart's account with a role: receivable by service; cash, clearing, unapplied, suspense, …"""
    found = LedgerAccount.objects.filter(role=role, service=service).first()
    if found is None:
        raise NoLedgerAccount(f"the chart of accounts has no {role} account for {service or 'any service'}")
    return found


_CHARGES = """
INSERT INTO {entries} (run_id, debit_id, credit_id, amount_cents, account_id, service, effective_on, period_id,
                       recorded_at, source_kind, source_id, deed_id)
SELECT %(run)s, CASE WHEN c.amount > 0 THEN r.id ELSE c.revenue_id END,
       CASE WHEN c.amount > 0 THEN c.revenue_id ELSE r.id END, abs(c.amount), c.account_id, c.service,
       %(effective)s, %(period)s, now(), 'bill', c.bill_id, %(deed)s
  FROM {charges} c JOIN ledger_ledgeraccount r ON r.role = 'receivable' AND r.service = c.service
 WHERE c.amount <> 0
"""
_ITEMS = """
INSERT INTO ledger_openitem (account_id, side, service, category, due_on, amount_cents, source_kind, source_id,
                             effective_on, period_id, deed_id)
SELECT c.account_id, CASE WHEN sum(c.amount) > 0 THEN 'charge' ELSE 'credit' END, c.service,
       coalesce(nullif(v.category, ''), 'service'), c.due_on, abs(sum(c.amount)), 'bill', c.bill_id, %(effective)s,
       %(period)s, %(deed)s
  FROM {charges} c JOIN ledger_ledgeraccount v ON v.id = c.revenue_id
 GROUP BY c.account_id, c.bill_id, c.service, 4, c.due_on HAVING sum(c.amount) <> 0
 ORDER BY c.account_id, c.bill_id, c.service, 4
"""


def post_charges(
    *,
    entries: str,
    charges: str,
    run_id: int,
    effective_on: date,
    period: AccountingPeriod,
    deed: Deed,
) -> tuple[int, int]:
    """Transfers and open items for charges in table ``charges`` (bill_id, account_id, service, revenue_id, due_on,
    amount).

    A positive amount (cents) debits the service's receivable and credits revenue; a negative one the other way.
    Returns (entries, open items) written.
    """
    values: dict[str, int | date] = {
        "run": run_id,
        "effective": effective_on,
        "period": period.pk,
        "deed": deed.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT c.service FROM {charges} c WHERE NOT EXISTS (SELECT FROM ledger_ledgeraccount r"
            " WHERE r.role = 'receivable' AND r.service = c.service)"
        )
        without = sorted(row[0] for row in cursor.fetchall())
        if without:
            raise NoLedgerAccount(f"the chart of accounts has no receivable account for {', '.join(without)}")
        cursor.execute(_CHARGES.format(entries=entries, charges=charges), values)
        made = cursor.rowcount
        cursor.execute(_ITEMS.format(charges=charges), values)
        return made, cursor.rowcount
