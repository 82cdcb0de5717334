"""By when a case is answered, and who is told when it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from meterbook.engine.cases.rules import Late

#: Whether the office works on a day.
Working = Callable[[date], bool]


def weekday(day: date) -> bool:
    """Monday to Friday: what counts as a working day where no calendar of holidays is in force."""
    return day.weekday() < 5


def answer_by(taken_on: date, days: int, working: Working = weekday) -> date:
    """So many working days after a day, without the first and with the last; 0 is the same day.

    >>> answer_by(date(2026, 9, 4), 1), answer_by(date(2026, 9, 4), 0)
    (datetime.date(2026, 9, 7), datetime.date(2026, 9, 4))
    """
    day = taken_on
    while days > 0:
        day += timedelta(days=1)
        days -= working(day)
    return day


def late_days(due_on: date, today: date, working: Working = weekday) -> int:
    """Working days gone since a case was due; 0 on the day itself and before.

    >>> late_days(date(2026, 9, 4), date(2026, 9, 8)), late_days(date(2026, 9, 4), date(2026, 9, 4))
    (2, 0)
    """
    return sum(working(due_on + timedelta(days=at)) for at in range(1, (today - due_on).days + 1))


def level(due_on: date, today: date, escalation: Sequence[Late], working: Working = weekday) -> int:
    """How many steps of the ladder a case has reached: 0 while it is in time.

    >>> ladder = (Late(0, "supervisor"), Late(5, "finance_director"))
    >>> [level(date(2026, 9, 4), date(2026, 9, day), ladder) for day in (4, 7, 11)]
    [0, 1, 2]
    """
    if today <= due_on:
        return 0
    late = late_days(due_on, today, working)
    return sum(1 for step in escalation if late >= step.late_days)
