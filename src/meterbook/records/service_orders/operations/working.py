"""What the crew does with an order: there, at the valve, done or not; and what the office makes of it."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CREW, METER_SHOP, READER, SUPERVISOR
from meterbook.records.service_orders.applying import after, requests
from meterbook.records.service_orders.completing import apply, complete
from meterbook.records.service_orders.doubts import Doubt, doubts
from meterbook.records.service_orders.guards import (
    MOMENTS,
    ON_SITE,
    VALVE,
    cuts_for_nonpayment,
    objections,
    refuse_guarded,
)
from meterbook.records.service_orders.models import Order, OrderLink, OrderVisit
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.operations.opening import link_to
from meterbook.records.service_orders.outcome import Outcome, outcome_of
from meterbook.records.service_orders.refusals import NoReason, OrderRefused
from meterbook.records.service_orders.states import locked, noted, step_to

FIELD = {CREW, METER_SHOP, READER, BILLING, SUPERVISOR}
DECIDERS = {BILLING, SUPERVISOR, METER_SHOP}


class ToConfirm(OrderRefused):
    """Something stands out; ``doubts`` is what, each with the code that confirms it."""

    message = N_("Look at this again and confirm it: {first}")

    def __init__(self, found: list[Doubt]) -> None:
        self.doubts = found
        super().__init__(first=found[0].step)


@operation("service_orders.arrive", roles=FIELD)
def arrive(deed: Deed, *, order: Order) -> Order:
    """The crew stands there. Arriving twice changes nothing. Raises `NoSuchStep`, `GuardRefused`."""
    found = locked(order)
    if found.state == Order.ON_SITE:
        return found
    refuse_guarded(found, ON_SITE, deed.business_date)
    step_to(deed, found, Order.ON_SITE, "arrived", deed.reason)
    tell(deed, "service_orders.arrived", order=found.pk, crew=found.crew_id)
    return found


@operation("service_orders.check", roles=FIELD)
def check_guards(deed: Deed, *, order: Order, moment: str = VALVE) -> Order:
    """Ask every guard with the hand on the valve, and write down that it was asked. Raises `GuardRefused`."""
    if moment not in MOMENTS:
        raise OrderRefused
    found = locked(order)
    refuse_guarded(found, moment, deed.business_date)
    noted(deed, found, "checked", moment)
    tell(deed, "service_orders.checked", order=found.pk, moment=moment)
    return found


@operation("service_orders.complete", roles=FIELD)
def complete_order(deed: Deed, *, order: Order, outcome: Outcome, ask: bool = False) -> Order:
    """Take what a crew brings back (`completing.complete`).

    With ``ask`` somebody sits at the page: what stands out raises `ToConfirm` before anything is kept.
    """
    if ask and (found := doubts(order, outcome, deed.business_date)):
        raise ToConfirm(found)
    done = complete(deed, order=order, outcome=outcome)
    tell(deed, "service_orders.outcome_taken", order=done.pk, key=outcome.key, state=done.state)
    return done


@operation("service_orders.decide_visit", roles=DECIDERS)
def decide_visit(deed: Deed, *, visit: OrderVisit, accept: bool) -> OrderVisit:
    """Decide what a crew brought back against what the office had: it counts, or it is kept and changes nothing.

    Raises `NoReason`, and whatever a record still refuses: nothing is decided then.
    """
    order = locked(visit.order)
    found = OrderVisit.objects.select_for_update().get(pk=visit.pk)
    if found.state != OrderVisit.CONFLICT:
        raise OrderRefused(N_("This was decided in the meantime."))
    if not deed.reason.strip():
        raise NoReason
    found.decided_by = deed
    if accept:
        _accept(deed, order, found)
    else:
        found.state = OrderVisit.SET_ASIDE
        found.save(update_fields=["state", "decided_by"])
        noted(deed, order, "set_aside", deed.reason)
    if not OrderVisit.objects.filter(order=order, state=OrderVisit.CONFLICT).exists():
        after.over(deed, order, after.CONFLICT)
    tell(deed, "service_orders.visit_decided", order=order.pk, visit=found.pk, accepted=accept)
    return found


def _accept(deed: Deed, order: Order, visit: OrderVisit) -> None:
    """It was done, whatever the office wanted meanwhile: the order goes back to the crew's hands, and ends."""
    if order.state in (Order.COMPLETED, Order.UNABLE, Order.REVIEWED, Order.CLOSED):
        raise OrderRefused(N_("The order ended already. Open a follow-up for what this visit changed."))
    if visit.done_on > deed.business_date:
        raise OrderRefused(N_("The work is dated {day}, which has not come yet."), day=visit.done_on)
    if order.state in (Order.CANCELLED, Order.DRAFT):
        order.state = Order.DISPATCHED
        order.save(update_fields=["state"])
        noted(deed, order, "accepted", deed.reason)
    wrongly = cuts_for_nonpayment(order) and visit.able and objections(order, VALVE, deed.business_date)
    refusal = apply(deed, order, visit, outcome_of(visit.sent))
    if refusal is not None:
        raise OrderRefused(refusal.message, **refusal.values)
    if wrongly:
        _restore(deed, order, wrongly[0].words(str))


def _restore(deed: Deed, order: Order, why: str) -> None:
    """Somebody was cut off who should not have been: turned on again at once."""
    made = open_order(
        deed, kind="on", service_point=order.service_point, premise=order.premise, account=order.account, reason=why,
        emergency=True, cause="nonpayment",
    )  # fmt: skip
    link_to(deed, order, made, OrderLink.FOLLOW_UP)


@operation("service_orders.review", roles=DECIDERS)
def review_order(deed: Deed, *, order: Order, follow_up: str = "", wanted_on: date | None = None) -> Order:
    """Look at what came of an order and close it; ``follow_up`` is the kind of an order that goes on from there.

    Its field request is confirmed and closed with the deed's reason. Raises `NoSuchStep`, `NoReason` where a request
    or a follow-up needs words, and what the request refuses.
    """
    found = locked(order)
    undecided = OrderVisit.objects.filter(order=found, state=OrderVisit.CONFLICT)
    if undecided.exists():
        raise OrderRefused(N_("Decide first what the crew brought back."))
    if (follow_up or found.field_request is not None) and not deed.reason.strip():
        raise NoReason
    step_to(deed, found, Order.REVIEWED, "reviewed", deed.reason)
    if follow_up:
        _follow(deed, found, follow_up, wanted_on, OrderLink.FOLLOW_UP)
    else:
        requests.reviewed(deed, found, deed.reason)
    found = locked(found)
    if found.state == Order.REVIEWED:
        step_to(deed, found, Order.CLOSED, "closed")
    after.over(deed, found, after.REVIEW)
    tell(deed, "service_orders.reviewed", order=found.pk, kind=found.kind, follow_up=follow_up)
    return found


@operation("service_orders.reopen", roles=DECIDERS)
def reopen_order(deed: Deed, *, order: Order, kind: str = "", wanted_on: date | None = None) -> Order:
    """What was done was not done right: a new order, linked to the old one, which stays as it is. Raises `NoReason`."""
    found = locked(order)
    if not deed.reason.strip():
        raise NoReason
    made = _follow(deed, found, kind or found.kind, wanted_on, OrderLink.REOPENS)
    tell(deed, "service_orders.reopened", order=found.pk, by=made.pk)
    return made


def _follow(deed: Deed, order: Order, kind: str, wanted_on: date | None, link: str) -> Order:
    """Another order for the same place, that goes on where this one ended; it takes the field request along."""
    request = order.field_request
    if request is not None and link == OrderLink.FOLLOW_UP:
        order.field_request = None
        order.save(update_fields=["field_request"])
    else:
        request = None
    made = open_order(
        deed, kind=kind, service_point=order.service_point, premise=order.premise, place=order.place,
        account=order.account, reason=deed.reason, wanted_on=wanted_on, emergency=order.emergency,
        cause=order.cause if kind == order.kind else "", details=order.details, field_request=request,
    )  # fmt: skip
    link_to(deed, order, made, link)
    return made
