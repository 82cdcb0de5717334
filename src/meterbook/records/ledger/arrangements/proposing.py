"""Working a plan out before anybody agrees to it: its parts, every reason against it and for a second person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from meterbook.engine.collections.arrangements.eligible import against_plan, second_person
from meterbook.engine.collections.arrangements.schedule import Part, WrongParts, months_after, schedule
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Protection
from meterbook.records.ledger.arrangements.refusals import ArrangementRefused
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.ledger.arrangements.standing import record_of
from meterbook.records.ledger.settle import open_items
from meterbook.records.platform.models import Document


@dataclass(frozen=True, slots=True)
class Open:
    """A charge with cents still open."""

    item: int
    service: str
    category: str
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: over which items (all past due if empty), how much down, how many instalments from when on."""

    count: int
    first_due: date
    every: str = "month"
    down_cents: int | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan as it would be: its items and parts, what is asked down, what stands against it, who has to agree."""

    items: tuple[Open, ...]
    parts: tuple[Part, ...]
    cents: int
    down_cents: int
    asked_down_cents: int
    against: tuple[Step, ...]
    second: tuple[Step, ...]
    document: Document
    current_first: bool

    @property
    def preview(self) -> dict[str, Any]:
        """What a second person sees, and what is saved is held against."""
        return {
            "cents": self.cents, "items": [[one.item, one.cents] for one in self.items],
            "parts": [[part.number, str(part.due_on), part.cents] for part in self.parts],
        }  # fmt: skip


def open_charges(account_id: int) -> list[Open]:
    """The open charges of an account, the oldest first."""
    rows = open_items([account_id], "charge").sort("due_on", "item")
    return [
        Open(item, service, category, due_on, cents)
        for item, service, category, due_on, cents in rows.select(
            "item", "service", "category", "due_on", "remaining"
        ).iter_rows()
    ]


def chosen(account_id: int, items: Sequence[int], *, before: date) -> list[Open]:
    """The open charges named; those due before a day if none is, or all of them where none is past due."""
    found = open_charges(account_id)
    if not items:
        return [one for one in found if one.due_on < before] or found
    named = [one for one in found if one.item in set(items)]
    if len(named) != len(set(items)):
        raise ArrangementRefused(Step(N_("One of these charges was settled in the meantime. Look again.")))
    return named


def propose(account: Account, terms: Terms, day: date, roles: Collection[str]) -> Proposal:
    """Work a plan out. Raises `ArrangementRefused` where there is nothing to share out, and `NoPolicy`."""
    document, rules = rules_on(day)
    plan = rules.arrangement
    items = chosen(account.pk, terms.items, before=day)
    cents = sum(one.cents for one in items)
    protections = Protection.objects.filter(account=account, validity__contains=day).values_list("kind", flat=True)
    asked = plan.down_asked(cents, list(protections))
    down = asked if terms.down_cents is None else terms.down_cents
    if not items:
        raise ArrangementRefused(Step(N_("Nothing is open that a plan could share out.")))
    try:
        parts = schedule(
            cents=cents, down=down, down_due=day + timedelta(days=plan.down_within_days), count=terms.count,
            first_due=terms.first_due, every=terms.every,
        )  # fmt: skip
    except WrongParts:
        raise ArrangementRefused(Step(N_("The amounts do not make a plan: less down, or fewer instalments."))) from None
    record = record_of(account.pk, day)
    against = against_plan(plan, record, cents=cents, down=down, parts=parts, every=terms.every, day=day)
    second = second_person(
        plan, record, cents=cents, down=down, asked_down=asked, parts=parts, day=day, roles=roles
    )  # fmt: skip
    return Proposal(
        tuple(items), parts, cents, down, asked, tuple(against), tuple(second), document, plan.current_first
    )


def usual(day: date) -> Terms:
    """What is proposed first: six monthly instalments, the first a month from now, or as soon as the policy asks."""
    latest = day + timedelta(days=rules_on(day)[1].arrangement.first_within_days)
    return Terms(count=6, first_due=min(months_after(day, 1), latest))
