"""What happens next on an account and when: what is due, what follows if it is not paid, the next read and bill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.records.billing.calendar.queries import periods_around
from meterbook.records.ledger.screens import OpenDay

#: What follows a bill that stays unpaid, in the order of the calendar.
FOLLOWS = ("reminder", "penalty", "late_notice", "shutoff_notice", "call", "final_notice", "shutoff")
#: Nothing of a period is left to come this long after it was read.
_LASTS = timedelta(days=150)
#: So many days a bill's due date may lie beside the published one and still belong to the period.
_NEAR = 12


@dataclass(frozen=True, slots=True)
class Coming:
    """One date to come: its kind, the day, what it is about in cents, and whether paying keeps it from coming."""

    kind: str
    on: date
    cents: int = 0
    if_unpaid: bool = False

    @property
    def words(self) -> str:
        """What it is, as the calendar calls it."""
        return gettext(TITLE[self.kind])


@dataclass(frozen=True, slots=True)
class Unless:
    """What follows if an amount stays unpaid, nearest first."""

    cents: int
    dates: list[Coming]


def unless_paid(found: Sequence[Coming]) -> list[Unless]:
    """The dates that paying keeps from coming, by the amount that has to be paid."""
    amounts = list(dict.fromkeys(one.cents for one in found if one.if_unpaid))
    return [Unless(cents, [one for one in found if one.if_unpaid and one.cents == cents]) for cents in amounts]


def coming(cycle_id: int, day: date, due: Sequence[OpenDay], *, served: bool) -> list[Coming]:
    """The dates to come for an account of a cycle, nearest first."""
    periods = periods_around(cycle_id, day - _LASTS, day + timedelta(days=62))
    found = [Coming("due", one.due_on, one.cents) for one in due if one.due_on >= day]
    open_then: dict[date, int] = {}
    for one in due:
        month = _period(periods, one.due_on)
        if month is not None:
            open_then[month] = open_then.get(month, 0) + one.cents
    for month, cents in open_then.items():
        dates = periods[month]
        found += [Coming(kind, dates[kind], cents, True) for kind in FOLLOWS if _to_come(dates, kind, day)]
    if served:
        found += [Coming(kind, on) for kind in ("read", "bill") if (on := _next(periods.values(), kind, day))]
    return sorted(found, key=lambda one: (one.on, one.if_unpaid, one.kind))


def _period(periods: Mapping[date, Mapping[str, date]], due_on: date) -> date | None:
    """The period charges due on a day belong to: bills off the cycle's own day go with the period due next to it."""
    near = {month: abs((dates["due"] - due_on).days) for month, dates in periods.items() if "due" in dates}
    month = min(near, key=lambda one: near[one], default=None)
    return month if month is not None and near[month] <= _NEAR else None


def _to_come(dates: Mapping[str, date], kind: str, day: date) -> bool:
    return kind in dates and dates[kind] >= day


def _next(periods: Iterable[Mapping[str, date]], kind: str, day: date) -> date | None:
    return min((dates[kind] for dates in periods if kind in dates and dates[kind] > day), default=None)
