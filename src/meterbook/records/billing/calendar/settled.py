"""Dates that stay whatever the policy says by now: those that have passed, and those a bill run was planned with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.calendar.models import CalendarDate
from meterbook.records.billing.calendar.store import Key
from meterbook.records.billing.models import BillRun
from meterbook.records.places.models import Cycle

#: What a run takes from the calendar when it is planned; all of it is printed on its bills or in its reads.
TAKEN_BY_RUN = ("read_opens", "read", "read_closes", "bill", "due")


class DateStays(ValueError):
    """The date has passed, or a bill run was planned with it; ``step`` says which."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def settled(cycle: Cycle, rows: Mapping[Key, CalendarDate], today: date) -> dict[Key, Step]:
    """Of a published edition's dates, those that stay, each with the reason."""
    bills = {month: each.day for (month, kind), each in rows.items() if kind == "bill"}
    runs = BillRun.objects.filter(cycle=cycle, bill_date__in=bills.values()).exclude(status=BillRun.CANCELLED)
    numbers = dict(runs.values_list("bill_date", "number"))
    found: dict[Key, Step] = {}
    for (month, kind), each in rows.items():
        if kind in TAKEN_BY_RUN and bills.get(month) in numbers:
            found[month, kind] = Step(N_("Bill run {run} was planned with this date."), {"run": numbers[bills[month]]})
        elif each.day < today:
            found[month, kind] = Step(
                N_("{title} was on {day} and has passed."), {"title": Step(TITLE[kind]), "day": each.day}
            )
    return found
