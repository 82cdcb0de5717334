"""Orders put in crews' days, sent out, taken back; crews and who is on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from meterbook.engine.trace import N_
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import CREW, METER_SHOP, READER, SUPERVISOR, roles_of
from meterbook.records.service_orders.applying import requests
from meterbook.records.service_orders.guards import DISPATCH, refuse_guarded
from meterbook.records.service_orders.models import Crew, CrewMember, Order, OrderLink
from meterbook.records.service_orders.operations.opening import PLANNERS, in_order
from meterbook.records.service_orders.planning.routing import in_route
from meterbook.records.service_orders.refusals import OrderRefused
from meterbook.records.service_orders.states import WAITING, locked, step_to

_GAP = 10


@operation("service_orders.schedule", roles=PLANNERS)
def schedule_orders(deed: Deed, *, orders: Sequence[Order], crew: Crew, on: date) -> int:
    """Put orders into a crew's day, at its end in the order given: all of them, or none.

    An order that is out is taken back with it. Raises `NoSuchStep`, and `OrderRefused` for a day that is past.
    """
    if on < deed.business_date:
        raise OrderRefused(N_("{day} is past."), day=on)
    last = Order.objects.filter(crew=crew, scheduled_on=on).aggregate(last=Max("sequence"))["last"] or 0
    place = {order.pk: last + _GAP * at for at, order in enumerate(orders, start=1)}
    for order in in_order(orders):
        found = locked(order)
        was = [found.crew.code if found.crew else "", found.scheduled_on and found.scheduled_on.isoformat()]
        found.crew, found.scheduled_on, found.sequence = crew, on, place[found.pk]
        found.version += 1
        step_to(deed, found, Order.SCHEDULED, "scheduled", f"{crew.code} {on}")
        tell(deed, "service_orders.scheduled", order=found.pk, crew=crew.pk, on=on.isoformat(), was=was)
    return len(orders)


@operation("service_orders.sequence", roles={*PLANNERS, CREW})
def sequence_day(deed: Deed, *, crew: Crew, on: date, orders: Sequence[int] | None = None) -> int:
    """Put a crew's day in order: as given, or by the walk (emergencies first, then route and stop). How many moved."""
    rows = list(
        Order.objects.select_for_update(of=("self",)).filter(crew=crew, scheduled_on=on, state__in=WAITING)
        .select_related("service_point__route", "premise")
    )  # fmt: skip
    if orders is None:
        wanted = in_route(rows)
    else:
        given = {number: at for at, number in enumerate(orders)}
        wanted = sorted(rows, key=lambda row: (given.get(row.pk, len(given)), row.sequence or 0))
    moved = 0
    for at, row in enumerate(wanted, start=1):
        if row.sequence != at * _GAP:
            row.sequence = at * _GAP
            row.save(update_fields=["sequence"])
            moved += 1
    tell(deed, "service_orders.sequenced", crew=crew.pk, on=on.isoformat(), orders=[row.pk for row in wanted])
    return moved


@operation("service_orders.dispatch", roles=PLANNERS)
def dispatch_orders(deed: Deed, *, orders: Sequence[Order], crew: Crew | None = None) -> int:
    """Send orders out: all of them, or none. Each guard is asked first; an order another one blocks stays.

    Raises `NoSuchStep`, `GuardRefused`, and `OrderRefused` where nobody is named to go.
    """
    for order in in_order(orders):
        found = locked(order)
        if crew is not None and found.crew_id != crew.pk:
            found.crew = crew
        if found.crew is None:
            raise OrderRefused(N_("Order {number}: say which crew goes."), number=str(found.pk))
        _refuse_blocked(found)
        refuse_guarded(found, DISPATCH, deed.business_date)
        found.scheduled_on = found.scheduled_on or deed.business_date
        found.version += 1
        step_to(deed, found, Order.DISPATCHED, "dispatched", deed.reason)
        requests.send(deed, found)
        tell(deed, "service_orders.dispatched", order=found.pk, kind=found.kind, crew=found.crew_id)
    return len(orders)


@operation("service_orders.recall", roles=PLANNERS)
def recall_orders(deed: Deed, *, orders: Sequence[Order]) -> int:
    """Take orders that are out, or planned, back to be planned anew. Raises `NoSuchStep`."""
    for order in in_order(orders):
        found = locked(order)
        if found.state == Order.DISPATCHED:
            step_to(deed, found, Order.SCHEDULED, "recalled", deed.reason)
        found.crew, found.scheduled_on, found.sequence = None, None, None
        found.version += 1
        step_to(deed, found, Order.APPROVED, "recalled", deed.reason)
        tell(deed, "service_orders.recalled", order=found.pk)
    return len(orders)


@operation("service_orders.set_crew", roles={SUPERVISOR, METER_SHOP})
def set_crew(deed: Deed, *, code: str, title: str, minutes: int = 0, active: bool = True) -> Crew:
    """Put a crew on record, or change it."""
    if not code.strip() or not title.strip():
        raise OrderRefused(N_("A crew has a code and a name."))
    made, _ = Crew.objects.update_or_create(
        code=code.strip()[:12],
        defaults={"title": title.strip()[:80], "minutes": minutes, "active": active, "deed": deed},
    )
    tell(deed, "service_orders.crew_set", crew=made.pk, code=made.code)
    return made


@operation("service_orders.join_crew", roles={SUPERVISOR, METER_SHOP})
def join_crew(deed: Deed, *, crew: Crew, user: User) -> CrewMember:
    """Put somebody on a crew from today on; another crew ends for them. Raises `OrderRefused` for no field worker."""
    if not roles_of(user, deed.business_date) & {CREW, METER_SHOP, READER, SUPERVISOR}:
        raise OrderRefused(N_("{name} does not work in the field."), name=str(user))
    today = deed.business_date
    row = CrewMember.objects.select_for_update().filter(user=user, validity__contains=today).first()
    if row is not None and row.validity.lower < today:
        row.validity = (row.validity.lower, today)
        row.save(update_fields=["validity"])
        row = None
    if row is None:
        row = CrewMember(user=user, validity=(today, None))
    row.crew, row.deed = crew, deed
    row.save()
    tell(deed, "service_orders.crew_joined", crew=crew.pk, user=user.pk)
    return row


def _refuse_blocked(order: Order) -> None:
    waits = OrderLink.objects.filter(other=order, kind=OrderLink.BLOCKS, order__state__in=WAITING).first()
    if waits is not None:
        raise OrderRefused(
            N_("Order {number} waits for order {first}."), number=str(order.pk), first=str(waits.order_id)
        )
