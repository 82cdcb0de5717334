"""How much of a programme's yearly budget is granted, asked for and left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from meterbook.records.customers.models import Account
from meterbook.records.refunds.rebates.models import RebateApplication
from meterbook.records.refunds.settings import programmes_on


@dataclass(frozen=True, slots=True)
class Budget:
    """A programme in a fiscal year; all in cents."""

    programme: str
    words: dict[str, str]
    fiscal_year: str
    budget_cents: int
    granted_cents: int
    asked_cents: int

    @property
    def left_cents(self) -> int:
        """What may still be granted."""
        return self.budget_cents - self.granted_cents


def budgets(day: date) -> list[Budget]:
    """Every programme in force on a day, in its fiscal year. Raises `NoPolicy`."""
    _, found = programmes_on(day)
    year = found.fiscal_year(day)
    rows = RebateApplication.objects.filter(fiscal_year=year).values("programme")
    sums = rows.annotate(
        granted=Sum("amount_cents", filter=Q(state="granted")), asked=Sum("amount_cents", filter=Q(state="asked"))
    )
    by_code = {row["programme"]: (int(row["granted"] or 0), int(row["asked"] or 0)) for row in sums}
    return [
        Budget(code, dict(one.words), year, one.budget_cents, *by_code.get(code, (0, 0)))
        for code, one in found.programmes.items()
    ]


def units_before(account: Account, programme: str, year: str) -> int:
    """Units granted or asked for by an account in a fiscal year."""
    rows = RebateApplication.objects.filter(
        account=account, programme=programme, fiscal_year=year, state__in=["asked", "granted"]
    )
    return int(rows.aggregate(units=Sum("units"))["units"] or 0)
