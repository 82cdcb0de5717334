"""An approved field request becomes an order; whoever moves the request on its own page moves its order with it.

The request stays metering's record of what was asked and decided, the order is how it is done: there is one way
through both, from whichever side a step comes.
"""

from __future__ import annotations

from meterbook.records.metering.models import FieldRequest
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.applying import after
from meterbook.records.service_orders.applying.requests import LEADING
from meterbook.records.service_orders.models import Order, OrderLink
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.states import DONE, OUT, WAITING, locked, step_to

#: What a request of each kind asks of a crew.
KINDS = {
    "re_read": "re_read", "check_meter": "check", "non_communicating": "check", "estimate_limit": "re_read",
    "leak": "leak_check", "location": "verify_location",
}  # fmt: skip


def follow(deed: Deed, request: FieldRequest) -> None:
    """Bring the request's order to where the request went, in the same deed."""
    if LEADING.get():
        return
    known = Order.objects.filter(field_request=request).first()
    if known is None:
        if request.state == FieldRequest.APPROVED:
            _opened(deed, request)
        return
    _moved(deed, request, locked(known))


def _opened(deed: Deed, request: FieldRequest) -> Order:
    order = open_order(
        deed, kind=KINDS[request.kind], service_point=request.service_point, reason=request.reason,
        wanted_on=request.due_on, field_request=request,
    )  # fmt: skip
    if order.state == Order.DRAFT:
        step_to(deed, order, Order.APPROVED, "approved")
    return order


def _moved(deed: Deed, request: FieldRequest, order: Order) -> None:
    state = request.state
    if state == FieldRequest.DISPATCHED:
        _sent(deed, request, order)
    elif state in (FieldRequest.READ, FieldRequest.NO_ACCESS) and order.state in WAITING:
        order.done_on = deed.business_date
        able = state == FieldRequest.READ
        step_to(deed, order, Order.COMPLETED if able else Order.UNABLE, "completed" if able else "unable")
        tell(deed, "service_orders.completed" if able else "service_orders.unable", order=order.pk, kind=order.kind)
    elif state in (FieldRequest.CONFIRMED, FieldRequest.CORRECTED) and order.state in DONE:
        step_to(deed, order, Order.REVIEWED, "reviewed")
    elif state == FieldRequest.CLOSED:
        _ended(deed, order)


def _sent(deed: Deed, request: FieldRequest, order: Order) -> None:
    """Sent for the first time; or again, by another order, where nobody got in the first time."""
    if order.state in (*DONE, Order.REVIEWED, Order.CLOSED):
        order.field_request = None
        order.save(update_fields=["field_request"])
        _ended(deed, order)
        again = _opened(deed, request)
        OrderLink.objects.create(order=order, other=again, kind=OrderLink.FOLLOW_UP, deed=deed)
        order = again
    if order.state not in OUT:
        step_to(deed, order, Order.DISPATCHED, "dispatched")


def _ended(deed: Deed, order: Order) -> None:
    """Whatever is left of the order's own way; what nobody did is called off."""
    if order.state in WAITING:
        step_to(deed, order, Order.CANCELLED, "cancelled", "")
    if order.state in DONE:
        step_to(deed, order, Order.REVIEWED, "reviewed")
    if order.state in (Order.REVIEWED, Order.CANCELLED):
        step_to(deed, order, Order.CLOSED, "closed")
    after.over(deed, order)
