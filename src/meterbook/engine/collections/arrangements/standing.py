"""How a promise or a plan stands on a day: what was paid when, against what was due when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.engine.collections.arrangements.schedule import Part

KEPT, LATE, MISSED, DUE, TO_COME = "kept", "late", "missed", "due", "to_come"
#: What a whole plan or promise is: paid off, on time so far, or behind.
PAID, CURRENT, BEHIND = "paid", "current", "behind"


@dataclass(frozen=True, slots=True)
class Paid:
    """Cents that reached what a plan covers on a day; below zero where a payment was taken back."""

    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class PartStands:
    """One part of a plan on a day: what of it is paid, and whether it was kept."""

    part: Part
    paid_cents: int
    state: str


@dataclass(frozen=True, slots=True)
class PlanStands:
    """A plan on a day: its parts, what is paid and open, and what should have been paid by now and was not."""

    parts: tuple[PartStands, ...]
    paid_cents: int
    open_cents: int
    behind_cents: int
    state: str

    @property
    def missed(self) -> int:
        """How many parts were missed and are still open."""
        return sum(each.state == MISSED for each in self.parts)

    @property
    def next_due(self) -> Part | None:
        """The next part to pay: the first that is not settled."""
        return next((each.part for each in self.parts if each.state in (MISSED, DUE, TO_COME)), None)


def stands(parts: Sequence[Part], paid: Sequence[Paid], day: date, *, grace_days: int) -> PlanStands:
    """How a plan stands: money settles its parts one after another, in the order they fall due.

    A part is kept if all parts up to it were paid by its day and the grace days, late if they were later, missed if
    those days are over and they are not, due from its day on, and to come before.

    >>> plan = [Part(1, date(2026, 2, 1), 5_000), Part(2, date(2026, 3, 1), 5_000)]
    >>> found = stands(plan, [Paid(date(2026, 2, 3), 6_000)], date(2026, 3, 20), grace_days=5)
    >>> [(each.state, each.paid_cents) for each in found.parts], found.behind_cents, found.state
    ([('kept', 5000), ('missed', 1000)], 4000, 'behind')
    """
    known = sorted((each for each in paid if each.on <= day), key=lambda each: each.on)
    total = sum(each.cents for each in known)
    told, before = [], 0
    for part in sorted(parts, key=lambda each: (each.due_on, each.number)):
        upto = before + part.cents
        last_day = part.due_on + timedelta(days=grace_days)
        in_time = sum(each.cents for each in known if each.on <= last_day) >= upto
        got = max(min(total - before, part.cents), 0)
        told.append(PartStands(part, got, _state(part, last_day, day, settled=total >= upto, in_time=in_time)))
        before = upto
    due = sum(each.part.cents for each in told if each.state in (KEPT, LATE, MISSED) or each.part.due_on <= day)
    behind = max(due - total, 0) if any(each.state == MISSED for each in told) else 0
    state = PAID if total >= before else BEHIND if behind else CURRENT
    return PlanStands(tuple(told), total, before - total, behind, state)


def _state(part: Part, last_day: date, day: date, *, settled: bool, in_time: bool) -> str:
    if settled:
        return KEPT if in_time else LATE
    if last_day < day:
        return MISSED
    return DUE if part.due_on <= day else TO_COME
