"""Moving the business date, and opening the accounting periods it needs."""

from __future__ import annotations

from datetime import date

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import AccountingPeriod, BusinessClock, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class ClockRunsForward(ValueError):
    """The business date never goes back."""


def month_after(day: date) -> date:
    """The first day of the month after ``day``'s."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@operation("platform.advance_business_date", roles={BILLING, SUPERVISOR})
def advance_business_date(deed: Deed, *, to: date) -> None:
    """Set the business date, opening the accounting period of its month if it is new."""
    clock = BusinessClock.objects.select_for_update().filter(only=True).first()
    if clock is not None and to < clock.business_date:
        raise ClockRunsForward(f"the business date is {clock.business_date}; it cannot become {to}")
    BusinessClock.objects.update_or_create(only=True, defaults={"business_date": to})
    starts = to.replace(day=1)
    _, new = AccountingPeriod.objects.get_or_create(
        code=f"{to:%Y-%m}", defaults={"validity": (starts, month_after(starts))}
    )
    if new:
        tell(deed, "platform.accounting_period_opened", code=f"{to:%Y-%m}")
