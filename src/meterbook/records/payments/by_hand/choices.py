"""What a form about a change by hand offers: reasons, accounts of the same customer, credits and charges."""

from __future__ import annotations

from datetime import date

from django.db import connection

from meterbook.records.customers.models import Account
from meterbook.records.payments.by_hand.limits import limits_on
from meterbook.records.platform.policies import NoPolicy

_FREE = """
SELECT o.id, o.source_kind, o.service, o.due_on, (o.amount_cents - coalesce(sum(l.amount_cents), 0))::bigint
  FROM ledger_openitem o LEFT JOIN ledger_allocation l
    ON l.pinned AND CASE o.side WHEN 'credit' THEN l.credit_id ELSE l.charge_id END = o.id
 WHERE o.account_id = %s AND o.side = %s GROUP BY o.id
HAVING o.amount_cents > coalesce(sum(l.amount_cents), 0) ORDER BY o.due_on DESC, o.id DESC LIMIT 60
"""


def reasons(kind: str, day: date) -> list[tuple[str, dict[str, str]]]:
    """Codes of the reasons for a kind of change in force, with their words; empty without a policy."""
    try:
        limits = limits_on(day)[1]
    except NoPolicy:
        return []
    return [(code, dict(limits.reasons[code].words)) for code in limits.of_kind(kind)]


def other_accounts(account: Account) -> list[Account]:
    """The open accounts of the same customer."""
    rows = Account.objects.filter(holder_id=account.holder_id, closed_on__isnull=True).exclude(pk=account.pk)
    return list(rows.order_by("number"))


def free_items(account: Account, side: str) -> list[tuple[int, str, str, date, int]]:
    """Credits or charges nobody pinned whole: id, source kind, service, due date, cents not pinned; newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [account.pk, side])
        return [(row[0], row[1], row[2], row[3], int(row[4])) for row in cursor.fetchall()]
