"""What a permit proposes: the parcel and premise it means, on record or new, and the service points it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.records.new_service.models import Permit
from meterbook.records.places.adding import usual_place
from meterbook.records.places.models import Parcel, Premise, Route, ServicePoint

_METERED = ("electricity", "water")


@dataclass(frozen=True, slots=True)
class PointProposed:
    """One service asked for: whether it is there already, and the route its neighbours are read on."""

    commodity: str
    size: str
    metered: bool
    route: str
    there: ServicePoint | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be added; ``parcel`` and ``premise`` are those on record, or nothing where they would be new."""

    parcel: Parcel | None
    premise: Premise | None
    city: str
    state: str
    points: tuple[PointProposed, ...]
    others: tuple[Premise, ...]


def proposal_of(permit: Permit, day: date) -> Proposal:
    """Match a permit with what is on record: the premise by its address, the parcel by number or by the premise."""
    city, state = usual_place()
    same = Premise.objects.select_related("parcel").filter(
        street_number__iexact=permit.street_number, street__iexact=permit.street, unit__iexact=permit.unit
    )
    postal = permit.said.get("postal_code")
    premise = (same.filter(postal_code=postal) if postal else same).order_by("pk").first()
    parcel = Parcel.objects.filter(number=permit.parcel_number).first() if permit.parcel_number else None
    parcel = parcel or (premise.parcel if premise else None)
    beside = parcel.premises.exclude(pk=premise.pk if premise else 0).order_by("pk") if parcel else None
    others = tuple(beside[:5]) if beside is not None else ()
    points = _points(permit, premise, _nearby(permit, parcel), day)
    return Proposal(parcel, premise, permit.said.get("city") or city, state, points, others)


def _nearby(permit: Permit, parcel: Parcel | None) -> dict[str, str]:
    """The route each service is read on by the nearest neighbour: on the parcel, else in the street."""
    rows = ServicePoint.objects.filter(route__isnull=False).select_related("route")
    found: dict[str, str] = {}
    beside = [rows.filter(premise__parcel=parcel)] if parcel else []
    for query in (*beside, rows.filter(premise__street__iexact=permit.street)):
        for commodity, code in query.order_by("pk").values_list("commodity", "route__code")[:50]:
            found.setdefault(commodity, code)
    first = Route.objects.order_by("code").values_list("code", flat=True).first() or ""
    return {commodity: found.get(commodity, next(iter(found.values()), first)) for commodity in _METERED}


def _points(permit: Permit, premise: Premise | None, routes: dict[str, str], day: date) -> tuple[PointProposed, ...]:
    there: dict[str, list[ServicePoint]] = {}
    if premise is not None:
        for point in premise.service_points.filter(validity__contains=day).order_by("pk"):
            there.setdefault(point.commodity, []).append(point)
    made = []
    for commodity, size, count in permit.meters:
        for _ in range(count):
            old = there[commodity].pop(0) if there.get(commodity) else None
            metered = commodity in _METERED
            made.append(PointProposed(commodity, size, metered, routes[commodity] if metered else "", old))
    return tuple(made)
