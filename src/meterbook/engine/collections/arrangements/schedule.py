"""The parts of a plan: a down payment and equal instalments whose sum is the amount to the cent."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = {"week": 7, "two_weeks": 14}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: number 0 is the down payment."""

    number: int
    due_on: date
    cents: int


class WrongParts(ValueError):
    """No plan has these parts: nothing to share out, or less than a cent each."""


def schedule(
    *, cents: int, down: int, down_due: date, count: int, first_due: date, every: str
) -> tuple[Part, ...]:  # fmt: skip
    """The parts of a plan over ``cents``: equal instalments, the first ones a cent more where it does not divide.

    A month later is the same day of the next month, or its last. Raises `WrongParts`.

    >>> today = date(2026, 1, 15)
    >>> plan = schedule(cents=10_000, down=0, down_due=today, count=3, first_due=date(2026, 1, 31), every="month")
    >>> [(str(part.due_on), part.cents) for part in plan]
    [('2026-01-31', 3334), ('2026-02-28', 3333), ('2026-03-31', 3333)]
    """
    left = cents - down
    if count < 1 or down < 0 or left < count:
        raise WrongParts(f"found {cents} cents, {down} down, {count} parts; expected at least a cent for each part")
    share, more = divmod(left, count)
    parts = [Part(0, down_due, down)] if down else []
    for number in range(1, count + 1):
        parts.append(Part(number, after(first_due, number - 1, every), share + (1 if number <= more else 0)))
    return tuple(parts)


def after(day: date, times: int, every: str) -> date:
    """The day so many steps after another.

    >>> after(date(2026, 1, 31), 1, "month"), after(date(2026, 1, 31), 2, "two_weeks")
    (datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    if every in _DAYS:
        return day + timedelta(days=_DAYS[every] * times)
    return months_after(day, times)


def months_after(day: date, months: int) -> date:
    """The same day some months later (earlier, below zero), or the month's last.

    >>> months_after(date(2026, 8, 31), 6), months_after(date(2026, 3, 31), -1)
    (datetime.date(2027, 2, 28), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
