"""How much is drawn for a bill, and on which day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from meterbook.engine.autopay.banking_days import banking_day


@dataclass(frozen=True, slots=True)
class Asked:
    """A bill's demand now, in cents: what it asked for, what arrived since it was posted, what the account owes.

    ``level`` bills ask for an even amount that may be less or more than what is owed; the plan settles the difference.
    """

    asked_cents: int
    arrived_cents: int
    owed_cents: int
    level: bool = False


def to_draw(bill: Asked) -> int:
    """Cents to draw: what was asked less what arrived since, never more than is owed, never below zero.

    On a level plan what the plan asked for is owed, whatever the balance is.

    >>> to_draw(Asked(10_000, 2_500, 7_500)), to_draw(Asked(10_000, 0, 6_000)), to_draw(Asked(10_000, 0, 6_000, True))
    (7500, 6000, 10000)
    """
    left = bill.asked_cents - max(0, bill.arrived_cents)
    return max(0, left if bill.level else min(left, bill.owed_cents))


def draft_day(due_on: date, chosen: int | None, *, moves: str) -> date:
    """The banking day a bill is drawn on: its due date, or the payer's day of the month at or before it.

    A chosen day never falls after the due date, so that nobody is late because of the day they chose.

    >>> draft_day(date(2026, 3, 28), None, moves="after"), draft_day(date(2026, 3, 28), 15, moves="after")
    (datetime.date(2026, 3, 30), datetime.date(2026, 3, 16))
    >>> draft_day(date(2026, 3, 5), 31, moves="before")
    datetime.date(2026, 2, 27)
    """
    return banking_day(due_on if chosen is None else _chosen(due_on, chosen), moves=moves)


def _chosen(due_on: date, day: int) -> date:
    """The newest ``day`` of a month that is not after the due date; a short month's last day stands for it."""
    this = due_on.replace(day=min(day, monthrange(due_on.year, due_on.month)[1]))
    if this <= due_on:
        return this
    year, month = (due_on.year, due_on.month - 1) if due_on.month > 1 else (due_on.year - 1, 12)
    return date(year, month, min(day, monthrange(year, month)[1]))
