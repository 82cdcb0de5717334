"""Every entry of the books as transactions of plain-text accounting, in the order they are booked.

A transaction's day is the later of the entry's effective day and the first day of its accounting period; its postings
are the entry's legs, with what one fund owes another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from meterbook.formats.plain_text import Transaction, account_name
from meterbook.records.closing.months import Span
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.models import AccountingPeriod
from meterbook.records.platform.queries import utility

_BLOCK = 10_000
_LEGS = """
SELECT greatest(l.effective_on, lower(p.validity)) AS day, l.entry_id, l.run_id, l.source_kind, l.source_id,
       l.effective_on, p.code, coalesce(c.number, ''), l.service, l.deed_id, l.leg, l.chart_id, l.cents
  FROM ledger_leg l
  JOIN platform_accountingperiod p ON p.id = l.period_id
  LEFT JOIN customers_account c ON c.id = l.account_id
 WHERE p.validity <@ daterange(%(starts)s, %(ends)s)
 ORDER BY 1, l.run_id, l.entry_id, l.leg
"""


def names() -> dict[int, str]:
    """Each account of the chart as it is named in plain text, by its id."""
    return {
        one.pk: account_name(one.kind, one.fund, one.code, one.title_en)
        for one in LedgerAccount.objects.order_by("code")
    }


def everything() -> Span:
    """All months the books have."""
    days = [(one.validity.lower, one.validity.upper) for one in AccountingPeriod.objects.all()]
    return Span("all", min(day for day, _ in days), max(day for _, day in days))


def since() -> date:
    """The first day of the books."""
    return everything().starts


def title() -> str:
    """What the journal is called."""
    found = utility()
    return f"{found.name}, {found.department}"


def transactions(span: Span) -> Iterator[Transaction]:
    """The entries of a span, read block by block; their order and content are the same whenever they are asked for."""
    called = names()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE whole_ledger NO SCROLL CURSOR FOR {_LEGS}", span.days)
        for _, legs in groupby(_rows(cursor), key=lambda row: (row[2], row[1])):
            yield _transaction(list(legs), called)
        cursor.execute("CLOSE whole_ledger")


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while True:
        cursor.execute(f"FETCH {_BLOCK} FROM whole_ledger")
        rows = cursor.fetchall()
        if not rows:
            return
        yield from rows


def _transaction(legs: list[tuple[Any, ...]], called: dict[int, str]) -> Transaction:
    day, entry, run, kind, source, effective, period, number, service, deed, *_ = legs[0]
    facts = {
        "entry": f"{run}-{entry}", "source": f"{kind} {source}", "period": period, "account": number,
        "service": service, "effective": str(effective) if effective != day else "", "deed": str(deed),
    }  # fmt: skip
    postings = [(called[leg[11]], int(leg[12])) for leg in legs]
    return Transaction(day, kind.replace("_", " "), {name: value for name, value in facts.items() if value}, postings)
