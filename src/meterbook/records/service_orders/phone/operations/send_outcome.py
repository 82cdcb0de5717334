"""Sending an outcome: taken once by its key, by whose phone held the order, whatever the office did meanwhile."""

from __future__ import annotations

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.completing import complete, visit_of
from meterbook.records.service_orders.models import Order, OrderVisit
from meterbook.records.service_orders.outcome import Outcome
from meterbook.records.service_orders.phone.operations.fetch_route import FIELD_ROLES
from meterbook.records.service_orders.phone.refusals import NotOnYourPhone
from meterbook.records.service_orders.phone.route import order_on_phone


@operation("service_orders.send_outcome", roles=FIELD_ROLES)
def send_outcome(deed: Deed, *, order: Order, outcome: Outcome) -> OrderVisit:
    """Take what a crew brings; the same key again is the same visit. Raises `NotOnYourPhone`.

    What cannot go on record is kept as a conflict for the office to settle (`completing.complete`).
    """
    if order_on_phone(deed.actor, order.pk) is None:
        raise NotOnYourPhone
    complete(deed, order=order, outcome=outcome)
    visit = visit_of(outcome.key)
    if visit is None or visit.by_id != deed.actor.pk or visit.order_id != order.pk:
        raise NotOnYourPhone
    tell(deed, "service_orders.outcome_sent", order=order.pk, visit=visit.pk, state=visit.state)
    return visit
