"""Taking tickets in, by file or by the centre's hook: each revision once, the newest one stands, its clock runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from meterbook.engine.service_orders.locates import LocateRules
from meterbook.engine.trace import N_, Step
from meterbook.formats.contract import Problem
from meterbook.formats.locates import LocateTicket
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.queries import utility
from meterbook.records.platform.roles import BILLING, CSR, METER_SHOP, SUPERVISOR
from meterbook.records.service_orders.locates.rules import locate_rules
from meterbook.records.service_orders.models import Locate, LocateRevision, Order
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.operations.opening import cancel
from meterbook.records.service_orders.states import WAITING
from meterbook.records.tasks.opening import end_tasks, open_task

#: Who takes tickets in by hand; the hook is the system.
DESK = {SUPERVISOR, BILLING, CSR, METER_SHOP}
_CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: new tickets, newer revisions, those known already, and what could not be read."""

    new: int
    revised: int
    known: int
    problems: int


@operation("service_orders.take_locates", roles=DESK)
def take_locates(
    deed: Deed,
    *,
    tickets: Sequence[LocateTicket],
    problems: Sequence[Problem] = (),
    way: str = "file",
    raw: bytes = b"",
) -> TakenIn:
    """Take tickets in; the same revision again changes nothing. What cannot be read is kept, with a task."""
    rules, counts = locate_rules(deed.business_date), {"new": 0, "revised": 0, "known": 0}
    for ticket in sorted(tickets, key=lambda each: each.key):
        counts[_take(deed, ticket, rules, way)] += 1
    if problems:
        _keep_unread(deed, problems, raw)
    tell(deed, "service_orders.locates_taken", way=way, problems=len(problems), **counts)
    return TakenIn(**counts, problems=len(problems))


def _take(deed: Deed, ticket: LocateTicket, rules: LocateRules, way: str) -> str:
    found = Locate.objects.select_for_update().filter(number=ticket.ticket).first()
    if found is None:
        found, new = Locate.objects.get_or_create(number=ticket.ticket, defaults=_facts(ticket, rules) | {"deed": deed})
        found = Locate.objects.select_for_update().get(pk=found.pk)
    else:
        new = False
    if LocateRevision.objects.filter(locate=found, revision=ticket.revision).exists():
        return "known"
    newest = new or ticket.revision > found.revision
    LocateRevision.objects.create(
        locate=found, revision=ticket.revision, kind=ticket.kind, said=dict(ticket.said), raw=ticket.raw, way=way,
        sha256=hashlib.sha256(ticket.raw.encode()).hexdigest(), deed=deed,
    )  # fmt: skip
    if newest:
        _stand(deed, found, ticket, rules)
    return "new" if new else "revised"


def _stand(deed: Deed, locate: Locate, ticket: LocateTicket, rules: LocateRules) -> None:
    """The newest revision is what counts: its facts, its clock, and a crew's order if the policy says so."""
    for name, value in _facts(ticket, rules).items():
        setattr(locate, name, value)
    if ticket.kind == _CANCEL:
        locate.state = Locate.CANCELLED
        if locate.order is not None and locate.order.state in WAITING:
            cancel(deed, Order.objects.select_for_update().get(pk=locate.order.pk), "811: cancelled by the excavator")
        end_tasks(deed, f"locate:{locate.pk}")
    else:
        locate.state = Locate.WAITING
        if ticket.kind in rules.orders:
            send_crew(deed, locate, (ticket.latitude is not None and f"{ticket.latitude},{ticket.longitude}") or "")
    locate.save()


def send_crew(deed: Deed, locate: Locate, spot: str = "") -> Order:
    """Open the crew's order of a ticket, or give the one that is open already."""
    if locate.order is not None and locate.order.state in WAITING:
        return locate.order
    why = (f"811 {locate.number}-{locate.revision}", locate.work, locate.excavator)
    order = open_order(
        deed, kind="locate", premise=locate.premise, place=locate.place, emergency=locate.kind == "EMERGENCY",
        reason=" · ".join(filter(None, why))[:300],
        wanted_on=locate.due_at.astimezone(ZoneInfo(utility().timezone)).date() if locate.due_at else None,
        details={"spot": spot, "ticket": locate.number}, source=("locate", locate.pk),
    )  # fmt: skip
    locate.order = order
    return order


def _facts(ticket: LocateTicket, rules: LocateRules) -> dict[str, object]:
    due = rules.due(ticket.kind, ticket.called_at, ticket.work_at)
    where = f"{ticket.address} {ticket.street}".strip()
    return {
        "revision": ticket.revision, "kind": ticket.kind, "called_at": _here(ticket.called_at),
        "work_at": _here(ticket.work_at), "expires_on": ticket.expires_on, "due_at": _here(due),
        "place": ", ".join(filter(None, (where, ticket.cross and f"& {ticket.cross}", ticket.place)))[:200],
        "work": ticket.work, "excavator": " · ".join(filter(None, (ticket.company, ticket.caller, ticket.phone)))[:200],
        "premise": _premise(ticket),
    }  # fmt: skip


def _here(moment: datetime | None) -> datetime | None:
    """A local time of the ticket as a moment."""
    return None if moment is None else moment.replace(tzinfo=ZoneInfo(utility().timezone))


def _premise(ticket: LocateTicket) -> Premise | None:
    """The one address on record the ticket names; where two could be meant, none."""
    if not ticket.address:
        return None
    rows = Premise.objects.filter(street_number__iexact=ticket.address, street__iexact=ticket.street)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def _keep_unread(deed: Deed, problems: Sequence[Problem], raw: bytes) -> None:
    """What came and could not be read stays as it came, and somebody is asked to look."""
    subject = f"locates:{hashlib.sha256(raw).hexdigest()[:32]}"
    if not Attachment.objects.filter(subject=subject).exists():
        keep_file(deed, subject=subject, file_name="locates.txt", content_type="text/plain", content=raw)
    first = problems[0]
    title = Step(
        N_("A locate ticket cannot be read: line {line}, {field}: expected {expected}"),
        {"line": str(first.line), "field": first.field, "expected": first.expected},
    )
    open_task(
        deed, kind="service_orders.unread_locate", subject=subject, title=title, role=SUPERVISOR,
        due_on=deed.business_date, link=("locates", []),
    )  # fmt: skip
