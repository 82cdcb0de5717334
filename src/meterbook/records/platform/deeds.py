"""Operations: the one way anything changes. Permission, validation, change, audit and event in one transaction.

    @operation("customers.open_account", roles={CSR, SUPERVISOR})
    def open_account(deed: Deed, *, holder: Person, cycle: Cycle, opened_on: date) -> Account: ...

    open_account(Act(actor=user, business_date=today, reason="counter visit"), holder=ana, ...)

The function receives the `Deed` written for this act. The deed's id is the context of every audit row
(django-pghistory) written meanwhile, and the parent of the events told with `tell`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

import pghistory
from django.db import connection, transaction
from procrastinate.contrib.django import app as queue

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.models import Approval, Deed, Event, User, Utility
from meterbook.records.platform.roles import SYSTEM, roles_of

P = ParamSpec("P")
R = TypeVar("R")

#: Every operation by its kind; the permission page, the guides and the tests read it.
OPERATIONS: dict[str, Operation[Any, Any]] = {}


#: What leaves the house: files for banks and agencies, mail, card pages. A practice copy does none of it.
OUTWARD = frozenset({
    "autopay.file_run", "autopay.hand_over", "autopay.send_prenotes", "autopay.send_refunds", "refunds.export_checks",
    "refunds.tell_bank", "refunds.send_unclaimed_letters", "agencies.export_file", "cashiering.send_receipt",
    "online.begin_checkout",
})  # fmt: skip


class OnlyPractice(ValueError):
    """This is a practice copy; ``step`` says that nothing leaves it."""

    def __init__(self) -> None:
        self.step = Step(N_("This is the practice copy: nothing is mailed and no bank or agency is told."))
        super().__init__(self.step.words(str))


class NotPermitted(PermissionError):
    """The actor holds none of the roles this operation asks for on the business date."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, on which business date, and why; with the approval it rests on, if any."""

    actor: User
    business_date: date
    reason: str = ""
    approval: Approval | None = None


class Operation(Generic[P, R]):
    """A deed that can be done: callable with an `Act` and the operation's own named arguments."""

    def __init__(self, kind: str, roles: frozenset[str], run: Callable[Concatenate[Deed, P], R]) -> None:
        self.kind = kind
        self.roles = roles | {SYSTEM}
        self._run = run
        functools.update_wrapper(self, run)

    def permitted(self, user: User, on: date) -> bool:
        """Whether this user may do it on this date."""
        return bool(self.roles & roles_of(user, on))

    def __call__(self, act: Act, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it: check the role, write the deed, change, all or nothing.

        Raises `NotPermitted`, `OnlyPractice` for what leaves the house, and whatever the operation itself refuses.
        """
        if not self.permitted(act.actor, act.business_date):
            raise NotPermitted(f"{act.actor.username} may not do {self.kind} on {act.business_date}")
        if self.kind in OUTWARD and Utility.objects.filter(practice_since__isnull=False).exists():
            raise OnlyPractice
        with transaction.atomic():
            deed = Deed.objects.create(
                kind=self.kind,
                actor=act.actor,
                business_date=act.business_date,
                reason=act.reason,
                subject=_subject(kwargs),
                approval=act.approval,
            )
            with pghistory.context(deed=deed.pk):
                _carry_context()
                return self._run(deed, *args, **kwargs)

    def within(self, deed: Deed, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it as a part of another deed, which answers for the permission and is the context of what changes."""
        return self._run(deed, *args, **kwargs)


def _carry_context() -> None:
    """Hand the audit context to the transaction now, so that rows written by COPY carry the deed as well.

    django-pghistory injects it with ordinary statements only, and with none that begins with SELECT. Stating the empty
    list of ignored triggers spares every row's trigger an exception for a setting that is not there.
    """
    with connection.cursor() as cursor:
        cursor.execute("VALUES (set_config('pgtrigger.ignore', '{}', true))")


def _subject(kwargs: dict[str, Any]) -> str:
    """The first record among the arguments names the deed's subject, like ``account:311``."""
    for value in kwargs.values():
        if hasattr(value, "_meta") and getattr(value, "pk", None) is not None:
            return f"{value._meta.model_name}:{value.pk}"
    return ""


def operation(kind: str, *, roles: set[str]) -> Callable[[Callable[Concatenate[Deed, P], R]], Operation[P, R]]:
    """Declare an operation: its kind (area.verb) and the roles that may do it."""

    def declare(run: Callable[Concatenate[Deed, P], R]) -> Operation[P, R]:
        made = Operation(kind, frozenset(roles), run)
        if kind in OPERATIONS:
            raise ValueError(f"operation {kind} is declared twice")
        OPERATIONS[kind] = made
        return made

    return declare


def tell(deed: Deed, kind: str, /, **payload: Any) -> Event:
    """Write a past-tense event and queue its delivery, in the deed's own transaction: both happen or neither."""
    event = Event.objects.create(deed=deed, kind=kind, payload=payload)
    queue.configure_task("meterbook.jobs.events.deliver", queue="events").defer(event_id=event.pk)
    return event
