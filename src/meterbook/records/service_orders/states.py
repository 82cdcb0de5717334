"""The states of a service order: which follows which, and how a step is written."""

from __future__ import annotations

from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models import Order, OrderStep
from meterbook.records.service_orders.refusals import NoSuchStep

#: What may follow each state. Work that somebody has done already may be written down from any state before it.
NEXT: dict[str, tuple[str, ...]] = {
    Order.DRAFT: (Order.APPROVED, Order.CANCELLED),
    Order.APPROVED: (Order.SCHEDULED, Order.DISPATCHED, Order.COMPLETED, Order.UNABLE, Order.CANCELLED),
    Order.SCHEDULED: (
        Order.SCHEDULED,
        Order.APPROVED,
        Order.DISPATCHED,
        Order.COMPLETED,
        Order.UNABLE,
        Order.CANCELLED,
    ),
    Order.DISPATCHED: (Order.ON_SITE, Order.SCHEDULED, Order.COMPLETED, Order.UNABLE, Order.CANCELLED),
    Order.ON_SITE: (Order.COMPLETED, Order.UNABLE, Order.DISPATCHED, Order.CANCELLED),
    Order.COMPLETED: (Order.REVIEWED,),
    Order.UNABLE: (Order.REVIEWED,),
    Order.REVIEWED: (Order.CLOSED,),
    Order.CANCELLED: (Order.CLOSED,),
    Order.CLOSED: (),
}
#: What is still to be done; the office may change it, and a crew may go.
WAITING = (Order.DRAFT, Order.APPROVED, Order.SCHEDULED, Order.DISPATCHED, Order.ON_SITE)
#: In a crew's hands.
OUT = (Order.DISPATCHED, Order.ON_SITE)
DONE = (Order.COMPLETED, Order.UNABLE)
LONGEST_NOTE = 300

STATE_WORDS = {
    Order.DRAFT: N_("a draft"),
    Order.APPROVED: N_("approved"),
    Order.SCHEDULED: N_("scheduled"),
    Order.DISPATCHED: N_("with the crew"),
    Order.ON_SITE: N_("being worked on"),
    Order.COMPLETED: N_("completed"),
    Order.UNABLE: N_("not possible"),
    Order.CANCELLED: N_("cancelled"),
    Order.REVIEWED: N_("reviewed"),
    Order.CLOSED: N_("closed"),
}


def locked(order: Order) -> Order:
    """The order as it stands now, held until the deed is done."""
    rows = Order.objects.select_for_update(of=("self",)).select_related(
        "service_point__premise", "service_point__route", "premise", "account", "crew", "field_request"
    )
    return rows.get(pk=order.pk)


def refuse_jump(order: Order, to: str) -> None:
    """Refuse any step that does not follow; raises `NoSuchStep`."""
    if to not in NEXT[order.state]:
        raise NoSuchStep(found=Step(STATE_WORDS[order.state]), wanted=Step(STATE_WORDS[to]))


def step_to(deed: Deed, order: Order, state: str, what: str, note: str = "") -> OrderStep:
    """Move the order on and write the step. Raises `NoSuchStep`."""
    refuse_jump(order, state)
    order.state = state
    order.save()
    return noted(deed, order, what, note)


def noted(deed: Deed, order: Order, what: str, note: str = "", changed: dict[str, Any] | None = None) -> OrderStep:
    """One more line of the order's history, in the state it is in."""
    return OrderStep.objects.create(
        order=order, state=order.state, what=what, on=deed.business_date, note=note.strip()[:LONGEST_NOTE],
        changed=changed or {}, deed=deed,
    )  # fmt: skip
