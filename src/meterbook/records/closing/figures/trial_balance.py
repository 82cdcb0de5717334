"""The trial balance of months: every account of the chart with what came before, debits, credits, and what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from meterbook.records.closing.months import Span


@dataclass(frozen=True, slots=True)
class Balance:
    """One account of the chart, in cents; opening and closing above zero are debits."""

    code: str
    title_en: str
    title_es: str
    kind: str
    fund: str
    service: str
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """Opening, debits less credits."""
        return self.opening + self.debits - self.credits

    def figures(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "account": self.code, "title": self.title_en, "fund": self.fund, "service": self.service,
            "opening_cents": self.opening, "debits_cents": self.debits, "credits_cents": self.credits,
            "closing_cents": self.closing,
        }  # fmt: skip


_BALANCES = """
SELECT a.code, a.title_en, a.title_es, a.kind, a.fund, a.service,
       coalesce(sum(l.cents) FILTER (WHERE p.validity << daterange(%(starts)s, NULL)), 0)::bigint,
       coalesce(sum(l.cents) FILTER (WHERE lower(p.validity) >= %(starts)s AND l.cents > 0), 0)::bigint,
       coalesce(-sum(l.cents) FILTER (WHERE lower(p.validity) >= %(starts)s AND l.cents < 0), 0)::bigint
  FROM ledger_leg l
  JOIN platform_accountingperiod p ON p.id = l.period_id AND upper(p.validity) <= %(ends)s
  JOIN ledger_ledgeraccount a ON a.id = l.chart_id
 GROUP BY a.id ORDER BY a.code
"""


def trial_balance(span: Span) -> list[Balance]:
    """Every account with an entry up to the span's end, by code, with what one fund owes another."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, span.days)
        return [Balance(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class FundSum:
    """One fund's debits and credits and its closing balance, which is 0."""

    fund: str
    debits: int
    credits: int
    closing: int


def by_fund(rows: Sequence[Balance]) -> list[FundSum]:
    """Each fund added up, by name."""
    funds = sorted({row.fund for row in rows})
    return [
        FundSum(
            fund, sum(row.debits for row in rows if row.fund == fund),
            sum(row.credits for row in rows if row.fund == fund), sum(row.closing for row in rows if row.fund == fund),
        )
        for fund in funds
    ]  # fmt: skip
