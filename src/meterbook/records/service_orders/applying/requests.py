"""The field request an order was made of: driven through its own steps by the order, never a second time by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from meterbook.engine.trace import N_, Step
from meterbook.records.metering.field.operations.end import close_request, confirm_request, withdraw_request
from meterbook.records.metering.field.operations.send import dispatch_request
from meterbook.records.metering.field.operations.visit import record_field_read, record_no_access
from meterbook.records.metering.hub.not_read import REASONS
from meterbook.records.metering.models import FieldRequest
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.applying.reads import registers_read, shown
from meterbook.records.service_orders.models import Order

#: What the request says where the order's code is none of metering's reasons.
_OTHER = "blocked"
#: Set while an order moves its request, so that the request's own steps do not move the order (`applying.following`).
LEADING: ContextVar[bool] = ContextVar("service_orders.leading", default=False)


@contextmanager
def leading() -> Iterator[None]:
    """The order leads, the request goes along."""
    before = LEADING.set(True)
    try:
        yield
    finally:
        LEADING.reset(before)


def send(deed: Deed, order: Order) -> None:
    """The request goes out with its order."""
    request = order.field_request
    if request is None or request.state not in (FieldRequest.APPROVED, FieldRequest.NO_ACCESS):
        return
    with leading():
        order.field_request = dispatch_request.within(deed, request=request)


def visited(work: Work) -> None:
    """The request takes the visit's reads and words. Raises what it refuses."""
    request = work.order.field_request
    if request is None:
        return
    send(work.deed, work.order)
    values = {register.pk: read.value for register, read in registers_read(work)}
    note = work.outcome.note or "; ".join(one.note or one.code for one in work.outcome.findings) or "done"
    with leading():
        record_field_read.within(work.deed, request=request, on=work.on, values=values, reader=work.by, note=note[:300])
    for read in work.outcome.reads:
        work.changed(
            Step(N_("Meter {serial}: {value} is read."), {"serial": read.serial, "value": shown(read.value)}),
            "field_request", [request.pk],
        )  # fmt: skip


def not_reached(work: Work) -> None:
    """The request hears that nobody got there."""
    request = work.order.field_request
    if request is None:
        return
    send(work.deed, work.order)
    reason = work.outcome.code if work.outcome.code in REASONS else _OTHER
    with leading():
        record_no_access.within(work.deed, request=request, reason=reason, note=work.outcome.note[:300])


def reviewed(deed: Deed, order: Order, note: str) -> None:
    """The office looked at what was seen: what is on record stands, and the request ends with these words.

    A request that was corrected or confirmed on its own page only ends.
    """
    request = order.field_request
    if request is None or request.state == FieldRequest.CLOSED:
        return
    with leading():
        if request.state == FieldRequest.READ:
            request = confirm_request.within(deed, request=request)
        if request.state in (FieldRequest.CONFIRMED, FieldRequest.CORRECTED):
            close_request.within(deed, request=request, outcome=note)


def called_off(deed: Deed, order: Order) -> None:
    """The request ends with the order that was called off."""
    request = order.field_request
    if request is not None and request.state != FieldRequest.CLOSED:
        with leading():
            withdraw_request.within(deed, request=request)
