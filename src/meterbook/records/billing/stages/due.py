"""What the published billing calendar says is to be billed, and has no run yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.records.billing.calendar.models import CalendarDate
from meterbook.records.billing.calendar.queries import editions_that_count
from meterbook.records.billing.models import BillRun

#: Days ahead that are listed, so that the office sees what is coming; and days back, beyond which a date without a run
#: was let go on purpose.
AHEAD, BACK = 14, 62


@dataclass(frozen=True, slots=True)
class Due:
    """A cycle's bill date of the published calendar without a run; ``days`` late, negative while it is ahead."""

    cycle: str
    cycle_id: int
    bill_date: date
    days: int

    @property
    def is_due(self) -> bool:
        """Whether it can be planned today."""
        return self.days >= 0


def due_runs(today: date) -> list[Due]:
    """Bill dates from two months back to two weeks ahead that no run stands for, oldest first.

    A date before the cycle's newest run was passed over; it is not listed.
    """
    window = (today - timedelta(days=BACK), today + timedelta(days=AHEAD))
    dates = CalendarDate.objects.filter(edition__in=editions_that_count(), kind="bill", day__range=window)
    rows = dates.values_list("edition__cycle__code", "edition__cycle_id", "day").order_by("day", "edition__cycle__code")
    runs = BillRun.objects.filter(kind=BillRun.CYCLE).exclude(status=BillRun.CANCELLED)
    newest: dict[int | None, date] = {}
    for cycle, day in runs.values_list("cycle_id", "bill_date"):
        newest[cycle] = max(day, newest.get(cycle, day))
    return [
        Due(code, cycle, day, (today - day).days)
        for code, cycle, day in rows
        if cycle not in newest or day > newest[cycle]
    ]
