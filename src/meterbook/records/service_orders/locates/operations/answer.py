"""Answering a ticket: marked, clear, not ours, no access; what was answered is never changed, only followed."""

from __future__ import annotations

from datetime import datetime

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CREW, CSR, METER_SHOP, READER, SUPERVISOR
from meterbook.records.service_orders.locates.operations.take_in import DESK, send_crew
from meterbook.records.service_orders.locates.refusals import TicketOver, UnknownCode
from meterbook.records.service_orders.locates.rules import locate_rules
from meterbook.records.service_orders.models import Locate, LocateAnswer, LocateRevision, Order
from meterbook.records.tasks.opening import end_tasks


@operation("service_orders.answer_locate", roles={SUPERVISOR, BILLING, CSR, METER_SHOP, READER, CREW})
def answer_locate(
    deed: Deed, *, locate: Locate, code: str, moment: datetime, note: str = "", order: Order | None = None
) -> LocateAnswer:
    """Answer the newest revision at a moment; the same answer of the same visit is given once.

    Raises `UnknownCode`, `TicketOver`.
    """
    answer = locate_rules(deed.business_date).answers().get(code)
    if answer is None:
        raise UnknownCode(code=code)
    found = Locate.objects.select_for_update().get(pk=locate.pk)
    if found.state == Locate.CANCELLED:
        raise TicketOver(number=found.number)
    known = LocateAnswer.objects.filter(locate=found, revision=found.revision, code=code, order=order)
    if order is not None and (again := known.first()) is not None:
        return again
    made = LocateAnswer.objects.create(
        locate=found, revision=found.revision, code=code, note=note.strip()[:300], order=order, deed=deed,
        late=found.due_at is not None and moment > found.due_at,
    )  # fmt: skip
    if answer.ends:
        found.state = Locate.ANSWERED
        found.save(update_fields=["state"])
        end_tasks(deed, f"locate:{found.pk}")
    tell(deed, "service_orders.locate_answered", locate=found.pk, code=code, ends=answer.ends, late=made.late)
    return made


@operation("service_orders.send_to_locate", roles=DESK)
def send_to_locate(deed: Deed, *, locate: Locate) -> Order:
    """Open an order for a crew to mark what is ours; the one that is open already stays. Raises `TicketOver`."""
    found = Locate.objects.select_for_update(of=("self",)).select_related("order", "premise").get(pk=locate.pk)
    if found.state == Locate.CANCELLED:
        raise TicketOver(number=found.number)
    newest = LocateRevision.objects.filter(locate=found, revision=found.revision).first()
    said = newest.said if newest else {}
    spot = ",".join(filter(None, (said.get("latitude"), said.get("longitude"))))
    order = send_crew(deed, found, spot if "," in spot else "")
    found.save(update_fields=["order"])
    tell(deed, "service_orders.locate_sent", locate=found.pk, order=order.pk)
    return order
