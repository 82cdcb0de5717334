"""The day's route as a phone keeps it: the crew's own orders with everything needed at the meter, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from meterbook.engine.service_orders.field_work import FieldWork, parse_field_work
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.metering.models import Installation, Meter, Read, Register, Seal
from meterbook.records.platform.models import User
from meterbook.records.platform.policies import NoPolicy, policy_as
from meterbook.records.service_orders.guards import cuts_for_nonpayment
from meterbook.records.service_orders.models import (
    Crew,
    CrewMember,
    Order,
    OrderLink,
    OrderStep,
    OrderVisit,
    PhoneCopy,
)
from meterbook.records.service_orders.phone.ranges import Range, newest_reads, plausible
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.states import OUT

#: Kinds without a meter to verify, kinds that turn a valve, and kinds at which seals and locks change.
NO_METER = ("locate", "door_hanger", "cart")
VALVE = ("on", "off", "lock", "unlock")
SEALS = (*VALVE, "seal", "unseal", "set", "swap", "remove", "tamper")
LOCKS = VALVE
#: How long a warning of an earlier visit is passed on.
WARNED_FOR = timedelta(days=730)
#: What others do with an order, in words.
CHANGES = {
    "approved": N_("Approved"), "scheduled": N_("Put in another day or crew"), "dispatched": N_("Sent out again"),
    "recalled": N_("Taken back"), "cancelled": N_("Cancelled"), "completed": N_("Completed"),
    "unable": N_("Ended as not possible"), "reviewed": N_("Reviewed"), "closed": N_("Closed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hanging:
    """The meter at an order's place: its registers, the newest read of each, what is plausible, the seals on it."""

    meter: Meter
    registers: list[Register]
    lasts: dict[int, Read]
    ranges: dict[int, Range]
    seals: list[str]
    locks: list[str]


@dataclass(frozen=True, slots=True)
class Stop:
    """One order of a route with all that goes with it. ``planned`` is the meter the office wants hung."""

    order: Order
    hanging: Hanging | None
    planned: list[Register]
    warnings: list[tuple[str, date]]
    linked: list[int]
    cuts: bool


def crew_of(user: User, on: date) -> Crew | None:
    """The crew somebody is on that day, or nothing."""
    found = CrewMember.objects.filter(user=user, validity__contains=on).select_related("crew").first()
    return None if found is None else found.crew


def field_work(on: date) -> FieldWork:
    """The rules at the valve in force on a day; without a policy nobody is cut off unasked."""
    try:
        return policy_as("field-work", on, parse_field_work)[1]
    except NoPolicy:
        return FieldWork()


def orders_of(user: User, on: date) -> list[Order]:
    """What somebody's crew is to do up to a day: emergencies first, then in the order of its day."""
    crew = crew_of(user, on)
    if crew is None:
        return []
    rows = Order.objects.filter(Q(state__in=OUT) | Q(state=Order.SCHEDULED, scheduled_on__lte=on), crew=crew)
    rows = rows.select_related("service_point__premise", "premise", "account__holder")
    return list(rows.order_by("-emergency", "scheduled_on", F("sequence").asc(nulls_last=True), "pk"))


def stops(orders: Sequence[Order], on: date) -> list[Stop]:
    """Each order with its meter, warnings and links; a handful of questions for the whole route."""
    hanging = _hanging([order for order in orders if order.kind not in NO_METER], on)
    planned = _planned(orders)
    warned, linked = _warnings(orders, on), _links(orders)
    return [
        Stop(
            order, hanging.get(order.service_point_id or 0), planned.get(str(order.details.get("serial", "")), []),
            warned.get(order.pk, []), linked.get(order.pk, []), cuts_for_nonpayment(order),
        )
        for order in orders
    ]  # fmt: skip


def copies_of(user: User, orders: Sequence[Order]) -> set[tuple[int, int]]:
    """Which of these orders, in which version, somebody's phone holds already."""
    return set(PhoneCopy.objects.filter(user=user, order__in=orders).values_list("order", "version"))


def order_on_phone(user: User, number: int) -> Order | None:
    """An order that is or was on somebody's phone; nothing for anybody else's."""
    held = PhoneCopy.objects.filter(user=user, order=number).exists()
    rows = Order.objects.select_related("service_point__premise", "premise", "account", "crew")
    return rows.filter(pk=number).first() if held else None


def changes_since(order: Order, version: int, user: User) -> list[Step]:
    """What others did with an order after a version of it went to somebody's phone."""
    copy = PhoneCopy.objects.filter(order=order, user=user, version=version).order_by("pk").first()
    rows = OrderStep.objects.filter(order=order).exclude(deed__actor=user).select_related("deed__actor").order_by("pk")
    rows = rows.filter(at__gt=copy.at) if copy else rows
    return [_change(step) for step in rows]


def _change(step: OrderStep) -> Step:
    values: dict[str, Value] = {
        "what": Step(CHANGES.get(step.what, N_("Changed"))), "day": step.on, "who": str(step.deed.actor),
        "note": step.note,
    }  # fmt: skip
    return Step(N_("{what} on {day} by {who}: {note}") if step.note else N_("{what} on {day} by {who}"), values)


def visits_of(user: User, since: date) -> list[OrderVisit]:
    """What somebody sent since a day and what became of it."""
    return list(OrderVisit.objects.filter(by=user, done_on__gte=since).select_related("order").order_by("pk"))


def _hanging(orders: Sequence[Order], on: date) -> dict[int, Hanging]:
    points = [order.service_point_id for order in orders if order.service_point_id]
    hung = Installation.objects.filter(service_point__in=points, validity__contains=on).select_related("meter")
    meters = {each.service_point_id: each.meter for each in hung}
    registers: dict[int, list[Register]] = {}
    rows = Register.objects.filter(meter__in=list(meters.values())).select_related("meter").order_by("meter", "pk")
    for register in rows:
        registers.setdefault(register.meter_id, []).append(register)
    every = [each for several in registers.values() for each in several]
    reads, rules = newest_reads(every, on), order_rules(on)
    lasts = {key: several[0] for key, several in reads.items()}
    ranges = {
        each.pk: found
        for each in every
        if (
            found := plausible(
                each, reads.get(each.pk, []), on, times=rules.plausible_times, units=rules.plausible_units
            )
        )
    }
    seals: dict[tuple[int, str], list[str]] = {}
    for seal in Seal.objects.filter(service_point__in=points, validity__endswith__isnull=True).order_by("number"):
        seals.setdefault((seal.service_point_id, seal.kind), []).append(seal.number)
    return {
        point: Hanging(
            meter, registers.get(meter.pk, []), lasts, ranges, seals.get((point, Seal.SEAL), []),
            seals.get((point, Seal.LOCK), []),
        )
        for point, meter in meters.items()
    }  # fmt: skip


def _planned(orders: Sequence[Order]) -> dict[str, list[Register]]:
    """Registers of the meters the office wants hung, by serial."""
    wanted = {str(order.details["serial"]) for order in orders if order.details.get("serial")}
    found: dict[str, list[Register]] = {}
    for register in Register.objects.filter(meter__serial__in=wanted).select_related("meter").order_by("pk"):
        found.setdefault(register.meter.serial, []).append(register)
    return found


def _warnings(orders: Sequence[Order], on: date) -> dict[int, list[tuple[str, date]]]:
    """Dangers earlier visits to the same place warned of, the newest of each once."""
    points = {order.service_point_id for order in orders if order.service_point_id}
    premises = {order.premise_id for order in orders if order.premise_id}
    rows = OrderVisit.objects.exclude(danger="").filter(done_on__gte=on - WARNED_FOR)
    rows = rows.filter(Q(order__service_point__in=points) | Q(order__premise__in=premises))
    found: dict[tuple[str, int], dict[str, date]] = {}
    for visit in rows.select_related("order").order_by("done_on"):
        for key in _places(visit.order):
            found.setdefault(key, {})[visit.danger] = visit.done_on
    warned = {}
    for order in orders:
        codes: dict[str, date] = {}
        for key in _places(order):
            codes |= found.get(key, {})
        warned[order.pk] = sorted(codes.items())
    return warned


def _places(order: Order) -> list[tuple[str, int]]:
    keys = (("premise", order.premise_id), ("point", order.service_point_id))
    return [(kind, key) for kind, key in keys if key]


def _links(orders: Sequence[Order]) -> dict[int, list[int]]:
    keys = [order.pk for order in orders]
    found: dict[int, list[int]] = {}
    for one, other in OrderLink.objects.filter(Q(order__in=keys) | Q(other__in=keys)).values_list("order", "other"):
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found
