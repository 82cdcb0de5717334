"""Service on or off at a point, since when and why."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.service_orders.refusals import OrderRefused

#: Kinds of orders that turn service, and to what; locks only where a cause is given.
TURNS = {"on": ServiceStatus.ON, "off": ServiceStatus.OFF, "lock": ServiceStatus.OFF, "unlock": ServiceStatus.ON}


def turn(work: Work) -> None:
    """Put service on or off, where the order's kind does that."""
    order = work.order
    if order.kind not in TURNS or not order.cause or order.service_point is None:
        return
    state = TURNS[order.kind]
    set_status(work.deed, order.service_point, state=state, cause=order.cause, on=work.on, order=order)
    said = N_("Service is on since {day}.") if state == ServiceStatus.ON else N_("Service is off since {day}.")
    work.changed(Step(said, {"day": work.on}))


def set_status(
    deed: Deed, service_point: ServicePoint, *, state: str, cause: str, on: date, order: Order | None = None
) -> ServiceStatus:
    """State that service is on or off from a day on.

    Off for nonpayment stays so when somebody asks for it to be off as well. Raises `OrderRefused` where a later status
    is on record: the office settles that one first.
    """
    ServicePoint.objects.select_for_update().get(pk=service_point.pk)
    rows = ServiceStatus.objects.select_for_update().filter(service_point=service_point)
    later = rows.filter(validity__startswith__gt=on).order_by("validity").first()
    if later is not None:
        raise OrderRefused(
            N_("A later change of service is on record, of {day}. Settle that one first."), day=later.validity.lower
        )
    found = rows.filter(validity__contains=on).first()
    if found is not None and found.state == state and (found.cause in (cause, "nonpayment")):
        return found
    if found is not None and found.validity.lower == on:
        found.state, found.cause, found.order, found.deed = state, cause, order, deed
        found.save()
        return found
    if found is not None:
        found.validity = (found.validity.lower, on)
        found.save(update_fields=["validity"])
    return ServiceStatus.objects.create(
        service_point=service_point, state=state, cause=cause, validity=(on, None), order=order, deed=deed
    )
