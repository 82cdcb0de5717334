"""A year of a cycle's billing periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.billing.calendar.derive import Derived, derive
from meterbook.engine.billing.calendar.rules import CycleDay, Rules

NOTHING_FIXED: Mapping[tuple[date, str], date] = {}


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period by the first day of the month it is read in: its dates, and the rules they follow."""

    cycle: str
    month: date
    rules: Rules
    dates: tuple[Derived, ...]

    def days(self) -> dict[str, date]:
        """The dates by kind."""
        return {each.kind: each.day for each in self.dates}


def rules_on(versions: Sequence[Rules], day: date) -> Rules | None:
    """The newest version in force on a day; of two that begin together, the one that stands later."""
    in_force = [each for each in versions if each.effective <= day]
    return max(enumerate(in_force), key=lambda pair: (pair[1].effective, pair[0]))[1] if in_force else None


def period_dates(rules: Rules, cycle: CycleDay, month: date, fixed: Mapping[str, date] | None = None) -> Period:
    """The dates of one period, read in the month of ``month``; those in ``fixed`` stay. Raises `NoSuchDay`."""
    first = month.replace(day=1)
    anchor = first.replace(day=cycle.read_day)
    return Period(cycle.code, first, rules, derive(rules, Days(rules), anchor, fixed or {}))


def year_calendar(
    versions: Sequence[Rules],
    cycle: CycleDay,
    year: int,
    *,
    fixed: Mapping[tuple[date, str], date] = NOTHING_FIXED,
) -> tuple[Period, ...]:
    """Every billing period of ``cycle`` that is read in ``year``, each date with its derivation.

    A period follows the version of the rules in force on its read day; before the first version there are none.
    ``fixed`` holds dates set by hand, by the first of the period's month and the kind: they stay, and what is
    counted from them follows. Dates of the last periods lie in the next year. Raises `NoSuchDay` and
    `HolidaysUnknown`.
    """
    known: dict[date, Days] = {}
    periods = []
    for month in range(1, 13):
        anchor = date(year, month, cycle.read_day)
        rules = rules_on(versions, anchor)
        if rules is None or not rules.cadence_of(cycle.code).bills_in(month):
            continue
        first = anchor.replace(day=1)
        own = {kind: day for (when, kind), day in fixed.items() if when == first}
        days = known.setdefault(rules.effective, Days(rules))
        periods.append(Period(cycle.code, first, rules, derive(rules, days, anchor, own)))
    return tuple(periods)
