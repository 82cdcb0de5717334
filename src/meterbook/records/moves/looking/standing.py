"""What stands at a premise: its points, meters and last reads, who is served, which schedule fits and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.metering.models import Installation, Read, Register
from meterbook.records.places.models import Cycle, Premise, ServicePoint
from meterbook.records.rates.models import Schedule
from meterbook.records.service_orders.models import ServiceStatus


@dataclass(frozen=True, slots=True)
class Dial:
    """One register that hangs at a premise: where, its last accepted read, and the read of the day if there is one."""

    register: int
    serial: str
    channel: str
    commodity: str
    unit: str
    dials: int
    decimals: int
    route_kind: str
    last: Decimal | None
    last_on: date | None
    today: Decimal | None


@dataclass(frozen=True, slots=True)
class Point:
    """A service point with the schedule that is proposed for it, why, and what else it could be on."""

    code: str
    commodity: str
    schedule: str
    why: Step
    choices: tuple[tuple[str, str, str], ...]
    served_by: Account | None
    off: str


def points_at(premise: Premise, on: date) -> list[ServicePoint]:
    """The service points of a premise on a day."""
    rows = ServicePoint.objects.filter(premise=premise, validity__contains=on)
    return list(rows.select_related("route__cycle", "premise").order_by("commodity", "code"))


def served_at(premise: Premise, on: date) -> list[ServiceAgreement]:
    """The agreements that hold at a premise on a day."""
    rows = ServiceAgreement.objects.filter(service_point__premise=premise, validity__contains=on)
    return list(rows.select_related("account__holder", "account__cycle", "service_point", "schedule").order_by("pk"))


def cycle_of(premise: Premise, on: date) -> Cycle | None:
    """The cycle a premise's meters are read in; nothing where nothing is metered there."""
    found = next((point.route.cycle for point in points_at(premise, on) if point.route is not None), None)
    if found is not None:
        return found
    last = ServiceAgreement.objects.filter(service_point__premise=premise).select_related("account__cycle")
    newest = last.order_by("-validity").first()
    return newest.account.cycle if newest else None


def dials_at(premises: Sequence[int], on: date) -> list[Dial]:
    """Every register that hangs at some premises on a day."""
    hung = Installation.objects.filter(service_point__premise__in=premises, validity__contains=on)
    hung = hung.select_related("service_point__route", "meter").order_by("service_point__commodity", "meter__serial")
    found = []
    for each in hung:
        for register in Register.objects.filter(meter=each.meter).order_by("channel", "pk"):
            found.append(_dial(each, register, on))
    return found


def _dial(hung: Installation, register: Register, on: date) -> Dial:
    reads = Read.objects.filter(register=register, superseded=False, status=Read.ACCEPTED)
    last = reads.filter(read_on__lt=on).order_by("-read_on").first()
    today = reads.filter(read_on=on).first()
    route = hung.service_point.route
    return Dial(
        register.pk, hung.meter.serial, register.channel, hung.service_point.commodity, register.unit, register.dials,
        register.decimals, route.kind if route else "", last.value if last else None, last.read_on if last else None,
        today.value if today else None,
    )  # fmt: skip


def proposals(premise: Premise, on: date) -> list[Point]:
    """Each point of a premise with its proposed schedule: the last one there, or else what others of its class have."""
    return [_point(premise, point, on) for point in points_at(premise, on)]


def _point(premise: Premise, point: ServicePoint, on: date) -> Point:
    schedules = list(Schedule.objects.filter(commodity=point.commodity).order_by("code"))
    last = point.agreements.select_related("schedule", "account__holder").order_by("-validity").first()
    if last is not None:
        proposed = last.schedule.code
        why = Step(N_("as served before, on {schedule}"), {"schedule": proposed})
    elif len(schedules) == 1:
        proposed, why = schedules[0].code, Step(N_("the only schedule of this service"))
    else:
        proposed = _usual(premise, point, on)
        why = Step(N_("what others of the class have")) if proposed else Step(N_("choose one: nothing to go by"))
    status = ServiceStatus.objects.filter(service_point=point, validity__contains=on, state="off").first()
    serves = last is not None and on in last.validity
    return Point(
        point.code, point.commodity, proposed, why,
        tuple((one.code, one.title_en, one.title_es) for one in schedules),
        last.account if last is not None and serves else None, status.cause if status else "",
    )  # fmt: skip


def _usual(premise: Premise, point: ServicePoint, on: date) -> str:
    """The schedule most points of the commodity have at premises of the class."""
    rows = ServiceAgreement.objects.filter(
        service_point__commodity=point.commodity, service_point__premise__premise_class=premise.premise_class,
        validity__contains=on,
    ).values_list("schedule__code", flat=True)  # fmt: skip
    counts: dict[str, int] = {}
    for code in rows[:2000]:
        counts[code] = counts.get(code, 0) + 1
    return max(sorted(counts), key=lambda code: counts[code], default="")
