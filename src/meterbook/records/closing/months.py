"""Months of the books, one or several in a row: what was before them and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.records.closing.settings import month_end_on
from meterbook.records.platform.models import AccountingPeriod

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"FY(\d{4})", re.ASCII)


class NoSuchMonth(LookupError):
    """The books have no such month."""


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive months, half-open days; ``label`` is how they were asked for."""

    label: str
    starts: date
    ends: date

    @property
    def last_day(self) -> date:
        """The last day that is in."""
        return self.ends - timedelta(days=1)

    @property
    def days(self) -> dict[str, Any]:
        """The span as parameters of a query."""
        return {"starts": self.starts, "ends": self.ends}


def period_of(code: str) -> AccountingPeriod:
    """The accounting period of a month like 2026-07. Raises `NoSuchMonth`."""
    found = AccountingPeriod.objects.filter(code=code).first() if _MONTH.fullmatch(code) else None
    if found is None:
        raise NoSuchMonth(f"the books have no month {code!r}; a month is written like 2026-07")
    return found


def span_of(label: str) -> Span:
    """A month (2026-07), months (2026-07..2026-09) or a fiscal year (FY2027, named by the year it ends in).

    Raises `NoSuchMonth`.
    """
    if year := _YEAR.fullmatch(label):
        starts, ends = month_end_on(date(int(year[1]), 1, 1)).fiscal_year(date(int(year[1]), 1, 1))
        return Span(label, starts, ends)
    first, _, last = label.partition("..")
    starts, ends = period_of(first).validity.lower, period_of(last or first).validity.upper
    if starts >= ends:
        raise NoSuchMonth(f"{label}: the months end before they begin")
    return Span(label, starts, ends)


def span_of_period(period: AccountingPeriod) -> Span:
    """One month."""
    return Span(period.code, period.validity.lower, period.validity.upper)


def after(period: AccountingPeriod) -> AccountingPeriod | None:
    """The next month the books have, if any."""
    rows = AccountingPeriod.objects.filter(validity__startswith__gte=period.validity.upper)
    return rows.order_by("validity").first()
