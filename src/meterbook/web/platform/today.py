"""What waits today, by role: one queue a line, with how many and since when. Areas append theirs to `QUEUES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.adjustments import screens as adjustments
from meterbook.records.banking import screens as banking
from meterbook.records.billing import screens as billing
from meterbook.records.billing.integrity import screens as integrity
from meterbook.records.cases import screens as cases
from meterbook.records.metering import screens as metering
from meterbook.records.metering.field import screens as field
from meterbook.records.new_service import screens as new_service
from meterbook.records.payments import screens as payments
from meterbook.records.platform import screens as platform
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import (
    AUDITOR,
    BILLING,
    CASHIER,
    CSR,
    FINANCE,
    METER_SHOP,
    READER,
    SUPERVISOR,
)
from meterbook.records.refunds import screens as refunds
from meterbook.records.tasks import screens as tasks
from meterbook.web.kit.access import roles_held
from meterbook.web.tasks.shown import in_words

Counted = dict[str, Any]
"""``count`` and, where it is known, ``oldest``: since when the first of them waits."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work: its words, whose it is, who sees it, the page it is done on, and how it is counted."""

    title: str | Promise
    owner: str
    seen_by: frozenset[str]
    url_name: str
    count: Callable[[date], Counted]
    query: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits: how many, since when, where it is done, and whose it is."""

    title: str | Promise
    count: int
    oldest: date | None
    href: str
    owner: str
    mine: bool


#: In the order of a day.
QUEUES: list[Queue] = [
    Queue(_("Read rows to correct"), BILLING, frozenset({BILLING, SUPERVISOR, AUDITOR}), "corrections",
          lambda _day: platform.waiting_corrections("reads")),
    Queue(_("Reads in question"), BILLING, frozenset({BILLING, SUPERVISOR, AUDITOR}), "exceptions",
          lambda _day: metering.waiting_exceptions()),
    Queue(_("Service points held out of the newest runs"), BILLING, frozenset({BILLING, SUPERVISOR, AUDITOR}),
          "all_holds", lambda _day: billing.waiting_holds()),
    Queue(_("Meter accounts to put right"), BILLING, frozenset({BILLING, SUPERVISOR, AUDITOR}), "integrity",
          lambda _day: integrity.waiting()),
    Queue(_("Adjustments to decide"), SUPERVISOR, frozenset({BILLING, SUPERVISOR, FINANCE, AUDITOR}), "adjustments",
          lambda _day: adjustments.waiting(), "f-state=proposed"),
    Queue(_("Refunds to decide"), SUPERVISOR, frozenset({SUPERVISOR, FINANCE, AUDITOR}), "refunds",
          lambda _day: refunds.waiting(), "f-state=proposed"),
    Queue(_("Cases open"), CSR,
          frozenset({CSR, BILLING, SUPERVISOR, FINANCE, METER_SHOP, AUDITOR}), "cases", cases.waiting, "show=open"),
    Queue(_("Cases overdue"), SUPERVISOR, frozenset({SUPERVISOR, FINANCE, AUDITOR}), "cases", cases.overdue,
          "show=overdue"),
    Queue(_("Field requests"), READER, frozenset({BILLING, SUPERVISOR, READER, METER_SHOP, CSR}), "field_requests",
          field.waiting),
    Queue(_("Permits to look at"), BILLING, frozenset({BILLING, SUPERVISOR, CSR, AUDITOR}), "permits",
          lambda _day: new_service.waiting()),
    Queue(_("Unidentified payments"), CASHIER, frozenset({CASHIER, FINANCE, SUPERVISOR, AUDITOR}), "unplaced_payments",
          lambda _day: payments.unplaced()),
    Queue(_("Bank lines that match nothing"), FINANCE, frozenset({CASHIER, FINANCE, SUPERVISOR, AUDITOR}), "bank",
          lambda _day: banking.waiting()),
]  # fmt: skip


def waiting(request: HttpRequest) -> list[Waiting]:
    """The work these roles do or watch, in the order of a day."""
    held, day = roles_held(request), business_date()
    found: list[Waiting] = []
    for queue in QUEUES:
        if not queue.seen_by & held:
            continue
        rows = queue.count(day)
        href = reverse(queue.url_name) + (f"?{queue.query}" if queue.query else "")
        found.append(Waiting(queue.title, rows["count"], rows.get("oldest"), href, queue.owner, queue.owner in held))
    found += _approvals(request, held)
    return sorted(found, key=lambda each: (not each.mine, not each.count))


def _approvals(request: HttpRequest, held: frozenset[str]) -> list[Waiting]:
    """What others asked for and this person may decide; what this person asked for and others decide."""
    made = []
    if held & {SUPERVISOR, FINANCE, AUDITOR}:
        rows = platform.counted(platform.pending_of_others(request.user.pk or 0))
        made.append(Waiting(_("Approvals to decide"), rows["count"], rows["oldest"],
                            f"{reverse('approvals')}?f-status=pending", SUPERVISOR, not held & {AUDITOR}))  # fmt: skip
    own = platform.counted(platform.pending_of(request.user.pk or 0))
    if own["count"] and held & {SUPERVISOR, FINANCE, BILLING}:
        made.append(Waiting(_("Asked by me, waiting for a second person"), own["count"], own["oldest"],
                            f"{reverse('approvals')}?f-status=pending", SUPERVISOR, mine=False))  # fmt: skip
    return made


def own_tasks(request: HttpRequest) -> dict[str, object]:
    """What the person has in hand and what waits for their roles: the first of them, and how many in all."""
    day, me = business_date(), request.user
    mine, take = tasks.in_hand(me, day), tasks.to_take(roles_held(request))  # type: ignore[arg-type]
    first = {"in_hand": list(mine.order_by("due_on", "id")[:6]), "to_take": list(take.order_by("due_on", "id")[:6])}
    for rows in first.values():
        in_words(rows)
    return {**first, "in_hand_counted": tasks.counted(mine), "to_take_counted": tasks.counted(take)}
