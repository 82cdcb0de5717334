"""The trial balance of a day: every account of the chart with its opening, debits, credits and closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from meterbook.records.ledger.standing_on import BOOKED
from meterbook.records.platform.models import AccountingPeriod

_LEGS = f"""
SELECT a.code, a.title_en, a.title_es, a.kind, a.role, a.fund, a.service,
       coalesce(sum(l.cents) FILTER (WHERE l.booked < %(since)s), 0)::bigint,
       coalesce(sum(l.cents) FILTER (WHERE l.booked >= %(since)s AND l.cents > 0), 0)::bigint,
       coalesce(sum(-l.cents) FILTER (WHERE l.booked >= %(since)s AND l.cents < 0), 0)::bigint
  FROM (SELECT l.chart_id, l.cents, {BOOKED.format(row="l")} AS booked
          FROM ledger_leg l JOIN platform_accountingperiod p ON p.id = l.period_id) l
  JOIN ledger_ledgeraccount a ON a.id = l.chart_id
 WHERE l.booked <= %(day)s GROUP BY a.id ORDER BY a.code COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account of the chart, in cents: ``opening`` and ``closing`` above zero are debit balances."""

    code: str
    title_en: str
    title_es: str
    kind: str
    role: str
    fund: str
    service: str
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """Opening, and what moved."""
        return self.opening + self.debits - self.credits


def trial_balance(day: date, *, since: date | None = None) -> list[TrialLine]:
    """Every account that ever moved, at the end of ``day``; ``since`` (else the period's first day) ends the opening.

    What one fund owes another is in it, so that debits equal credits in every fund.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEGS, {"day": day, "since": since or first_of_period(day)})
        return [TrialLine(*row) for row in cursor.fetchall()]


def first_of_period(day: date) -> date:
    """The first day of the accounting period a day lies in; of its month where there is none."""
    period = AccountingPeriod.objects.filter(validity__contains=day).first()
    first: date = period.validity.lower if period else day.replace(day=1)
    return first


def out_of_balance(lines: list[TrialLine]) -> dict[str, int]:
    """Funds whose debits and credits differ, with the difference; empty where the books are right."""
    funds = {line.fund: 0 for line in lines}
    for line in lines:
        funds[line.fund] += line.closing
    return {fund: cents for fund, cents in funds.items() if cents}
