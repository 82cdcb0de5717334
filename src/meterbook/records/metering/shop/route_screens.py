"""What pages show of routes: every route with its stops counted, and the stops of one in the order they are read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from meterbook.records.metering.models import AmiOptOut, Installation
from meterbook.records.metering.shop.screens import address
from meterbook.records.places.models import Route, ServicePoint
from meterbook.records.places.operations.routes import KINDS, MANUAL
from meterbook.records.places.stops import stops, token_of


def routes() -> QuerySet[Route, Any]:
    """Every route with the number of its stops."""
    return Route.objects.annotate(stops=Count("service_points")).values(
        "id", "code", "title", "kind", "reader", "stops", cycle_code=F("cycle__code"), read_day=F("cycle__read_day")
    )


def route_coded(code: str) -> Route | None:
    """One route with its cycle, or nothing."""
    return Route.objects.select_related("cycle").filter(code=code).first()


def stops_between(route: Route, first: int, count: int) -> list[dict[str, Any]]:
    """The stops of a route from the ``first`` (counted from 0), in the order they are read, with meter and notes."""
    rows = ServicePoint.objects.filter(route=route).order_by("sequence", "pk")[first : first + count]
    values = rows.values(
        "id", "code", "commodity", "sequence", "location", "premise_id", street_number=F("premise__street_number"),
        street=F("premise__street"), unit=F("premise__unit"),
    )  # fmt: skip
    found: list[dict[str, Any]] = [dict(row) for row in values]
    ids = [row["id"] for row in found]
    hanging = Installation.objects.filter(service_point_id__in=ids, validity__endswith__isnull=True)
    meters = {row["service_point_id"]: row for row in hanging.values(
        "service_point_id", "meter_id", serial=F("meter__serial"), size=F("meter__size"))}  # fmt: skip
    out = set(
        AmiOptOut.objects.filter(service_point_id__in=ids, validity__endswith__isnull=True).values_list(
            "service_point_id", flat=True
        )
    )
    for at, row in enumerate(found, first + 1):
        row |= {"at": at, "address": address(row), "meter": meters.get(row["id"]), "opted_out": row["id"] in out}
    return found


def sisters(route: Route) -> list[Any]:
    """The other routes of its cycle, to which its points may move."""
    rows = Route.objects.filter(cycle=route.cycle).exclude(pk=route.pk).order_by("code")
    return list(rows.values("code", "title", "kind"))


def manual_routes(point: ServicePoint) -> list[tuple[str, str]]:
    """Manual routes of the point's cycle, by code and title."""
    rows = Route.objects.filter(kind=MANUAL, cycle__routes=point.route_id).order_by("code")
    return list(rows.values_list("code", "title"))


def point_with_id(point_id: int) -> ServicePoint | None:
    """One metered service point with its premise and route, or nothing."""
    rows = ServicePoint.objects.select_related("premise", "route__cycle")
    return rows.filter(pk=point_id, route__isnull=False).first()


def opt_outs() -> QuerySet[AmiOptOut, Any]:
    """Every opt-out; ``until`` is null while it lasts."""
    return AmiOptOut.objects.values(
        "id", "service_point_id", since=F("validity__startswith"), until=F("validity__endswith"),
        point=F("service_point__code"), left=F("left_route__code"), now=F("service_point__route__code"),
        premise_id=F("service_point__premise_id"), street_number=F("service_point__premise__street_number"),
        street=F("service_point__premise__street"), unit=F("service_point__premise__unit"),
        asked_by=F("deed__actor__username"),
    )  # fmt: skip


def opt_out_of(point: ServicePoint, day: date) -> AmiOptOut | None:
    """The opt-out of a point in force on a day, or nothing."""
    return AmiOptOut.objects.filter(Q(validity__contains=day), service_point=point).first()


__all__ = [
    "KINDS", "manual_routes", "opt_out_of", "opt_outs", "point_with_id", "route_coded", "routes", "sisters", "stops",
    "stops_between", "token_of",
]  # fmt: skip
