"""Customers who decline the radio: their meter is read by hand on a manual route, for as long as they wish."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_
from meterbook.records.metering.models import AmiOptOut
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.places.facts import state_fact
from meterbook.records.places.models import DeterminantKind, Route, ServicePoint
from meterbook.records.places.operations.routes import MANUAL
from meterbook.records.places.stops import append, locked_route, renumber, stops
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR

#: The fact a tariff may charge an opt-out by; where no such kind is on record, no fee is billed.
FEE = "ami_opt_out"


@operation("metering.opt_out", roles={BILLING, CSR, SUPERVISOR})
def opt_out(deed: Deed, *, service_point: ServicePoint, route: str, on: date) -> AmiOptOut:
    """Read a metered point by hand from ``on`` on: it moves to the end of a manual route of its cycle.

    Where the fact `FEE` is a kind on record, it is 1 from ``on``, so that a schedule charges for it. Raises
    `MeterRefused`, `PlaceRefused`.
    """
    point = ServicePoint.objects.select_for_update(of=("self",)).select_related("route").get(pk=service_point.pk)
    if point.connection != ServicePoint.METERED or point.route is None:
        raise MeterRefused(N_("{point} is not metered."), point=point.code)
    if on > deed.business_date:
        raise MeterRefused(
            N_("{day} has not come yet; the business date is {today}."), day=on, today=deed.business_date
        )
    if AmiOptOut.objects.filter(service_point=point, validity__endswith__isnull=True).exists():
        raise MeterRefused(N_("{point} has opted out already."), point=point.code)
    to = locked_route(route)
    if to.kind != MANUAL or to.cycle_id != point.route.cycle_id:
        raise MeterRefused(
            N_("Choose a manual route of cycle {cycle}; found {route}."), cycle=point.route.cycle.code, route=route
        )
    left = point.route
    _move(point, left, to)
    row = AmiOptOut.objects.create(service_point=point, left_route=left, validity=(on, None), deed=deed)
    charged = _charge(deed, point, on, number=1)
    tell(deed, "metering.opted_out", service_point=point.pk, left=left.pk, joined=to.pk, charged=charged)
    return row


@operation("metering.opt_in", roles={BILLING, CSR, SUPERVISOR})
def opt_in(deed: Deed, *, service_point: ServicePoint, on: date) -> AmiOptOut:
    """Read a point by radio again from ``on`` on: it goes back to the end of the route it left.

    Raises `MeterRefused`.
    """
    rows = AmiOptOut.objects.select_for_update(of=("self",)).select_related("left_route", "service_point__route")
    row = rows.filter(service_point=service_point, validity__endswith__isnull=True).first()
    if row is None:
        raise MeterRefused(N_("{point} has not opted out."), point=service_point.code)
    if not row.validity.lower < on <= deed.business_date:
        raise MeterRefused(
            N_("{point} opted out on {since}; give a day after it, up to {today}."),
            point=service_point.code, since=row.validity.lower, today=deed.business_date,
        )  # fmt: skip
    point = row.service_point
    if point.route is not None:
        _move(point, point.route, row.left_route)
    row.validity = (row.validity.lower, on)
    row.save()
    charged = _charge(deed, point, on, number=0)
    tell(deed, "metering.opted_in", service_point=point.pk, joined=row.left_route_id, charged=charged)
    return row


def _move(point: ServicePoint, left: Route, to: Route) -> None:
    append(to, [point.pk])
    renumber(left, [each for each in stops(left) if each != point.pk])


def _charge(deed: Deed, point: ServicePoint, on: date, *, number: int) -> bool:
    """State the fact the fee is charged by, if there is one; returns whether there is."""
    kind = DeterminantKind.objects.filter(name=FEE, is_key=False).first()
    if kind is None:
        return False
    origin = "AMI opt-out" if number else "AMI opt-out ended"
    state_fact(deed, service_point=point, kind=kind, starts=on, origin=origin, number_e6=number * 10**6)
    return True
