"""What customers owe, rolled forward: opening, bills, fees, adjustments, payments, returns … closing, by service.

A booking belongs to the accounting period it stands in, never to the day it is about: what is posted late for a locked
month rolls in the month that was open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from meterbook.engine.ledger.closing.month_end import LINES, MonthEnd
from meterbook.records.closing.months import Span
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.platform.models import AccountingPeriod

#: Accounts of the chart that together are what customers owe: receivables, less what was paid and is not yet used.
OWED = ("receivable", "unapplied")


@dataclass(frozen=True, slots=True)
class Rolled:
    """One service of one fund (``service`` empty: payments not yet used): cents, above zero owed."""

    chart: str
    service: str
    fund: str
    opening: int
    lines: dict[str, int]

    @property
    def closing(self) -> int:
        """Opening and every line."""
        return self.opening + sum(self.lines.values())

    def figures(self) -> dict[str, Any]:
        """As plain values, in the order they are read."""
        return {
            "account": self.chart, "service": self.service, "fund": self.fund, "opening_cents": self.opening,
            **{f"{line}_cents": self.lines[line] for line in LINES}, "closing_cents": self.closing,
        }  # fmt: skip


_MOVED = """
SELECT a.code, a.service, a.fund, p.validity << daterange(%(starts)s, NULL) AS before, e.source_kind,
       sum(s.cents)::bigint
  FROM ledger_entry e
 CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount_cents), (e.credit_id, -e.amount_cents)) s(chart, cents)
  JOIN ledger_ledgeraccount a ON a.id = s.chart AND a.role = ANY(%(roles)s)
  JOIN platform_accountingperiod p ON p.id = e.period_id AND upper(p.validity) <= %(ends)s
 GROUP BY 1, 2, 3, 4, 5
"""


def roll_forward(span: Span, policy: MonthEnd) -> list[Rolled]:
    """One row for each receivable of the chart and one for payments not yet used, by code."""
    rows = {
        one.code: Rolled(one.code, one.service, one.fund, 0, dict.fromkeys(LINES, 0))
        for one in LedgerAccount.objects.filter(role__in=OWED)
    }
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {**span.days, "roles": list(OWED)})
        for code, service, fund, before, kind, cents in cursor.fetchall():
            row = rows[code]
            if before:
                rows[code] = Rolled(code, service, fund, row.opening + cents, row.lines)
            else:
                row.lines[policy.line_of(kind)] += cents
    return sorted(rows.values(), key=lambda row: (row.service == "", row.chart))


def total(rows: Sequence[Rolled]) -> Rolled:
    """All services together."""
    lines = {line: sum(row.lines[line] for row in rows) for line in LINES}
    return Rolled("", "", "", sum(row.opening for row in rows), lines)


def kinds_of(line: str, policy: MonthEnd) -> list[str] | None:
    """The source kinds that stand in a line; None where it is everything nobody named."""
    return None if line == "adjustments" else [kind for kind, of in policy.lines.items() if of == line]


def behind(span: Span, policy: MonthEnd, *, chart: str, line: str = "") -> QuerySet[Entry, Any]:
    """The entries behind a figure: of one account of the chart (empty: of all that customers owe), signed, in a line.

    ``line`` ``opening`` are those before the span, ``closing`` all up to its end, empty all in it.
    """
    accounts = LedgerAccount.objects.filter(code=chart) if chart else LedgerAccount.objects.filter(role__in=OWED)
    rows = entries_of(span, list(accounts), line)
    if line in LINES:
        kinds = kinds_of(line, policy)
        others = [kind for kind, of in policy.lines.items() if of != "adjustments"]
        rows = rows.exclude(source_kind__in=others) if kinds is None else rows.filter(source_kind__in=kinds)
    return rows


def entries_of(span: Span, accounts: list[LedgerAccount], line: str = "") -> QuerySet[Entry, Any]:
    """The entries of some accounts of the chart in a span (or before it, or up to its end), cents signed.

    Behind what one fund owes another stand the entries that go from the one into the other.
    """
    periods = AccountingPeriod.objects.filter(validity__endswith__lte=span.ends)
    if line == "opening":
        periods = periods.filter(validity__endswith__lte=span.starts)
    elif line != "closing":
        periods = periods.filter(validity__startswith__gte=span.starts)
    debit, credit = _sides(accounts)
    amount, zero = F("amount_cents"), Value(0)
    debited = Case(When(debit, then=amount), default=zero, output_field=BigIntegerField())
    credited = Case(When(credit, then=amount), default=zero, output_field=BigIntegerField())
    rows = Entry.objects.filter(debit | credit)
    return rows.filter(period_id__in=list(periods.values_list("pk", flat=True))).values(
        "id", "run_id", "effective_on", "service", "source_kind", "source_id", "recorded_at",
        cents=debited - credited, period_code=F("period__code"), number=F("account__number"),
        debit_code=F("debit__code"), credit_code=F("credit__code"), by=F("deed__actor__username"),
    )  # fmt: skip


def _sides(accounts: list[LedgerAccount]) -> tuple[Q, Q]:
    """What debits and what credits some accounts of the chart."""
    if len(accounts) == 1 and accounts[0].role == "interfund":
        fund = accounts[0].fund
        out, into = Q(debit__fund=fund), Q(credit__fund=fund)
        return into & ~out, out & ~into
    charts = [one.pk for one in accounts]
    return Q(debit_id__in=charts), Q(credit_id__in=charts)
