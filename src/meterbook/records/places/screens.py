"""What pages show of places: a premise with its service points."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F

from meterbook.records.places.finding.spelling import like_prefix, search_terms
from meterbook.records.places.models import COMMODITIES, Cycle, Determinant, Premise, ServicePoint


def premise(premise_id: int) -> Premise | None:
    """One premise with its parcel, or nothing."""
    return Premise.objects.select_related("parcel").filter(pk=premise_id).first()


def service_points(premise_id: int) -> list[Any]:
    """The service points of a premise."""
    rows = ServicePoint.objects.filter(premise_id=premise_id).order_by("commodity", "code")
    return list(
        rows.values("id", "code", "commodity", "connection", "sequence", "validity", route_code=F("route__code"))
    )


def premises_of_points(service_points: list[int]) -> dict[int, int]:
    """The premise of each service point."""
    return dict(ServicePoint.objects.filter(pk__in=service_points).values_list("pk", "premise_id"))


def facts_on(service_point_ids: list[int], day: date) -> dict[int, list[Any]]:
    """The determinants in force on a day, by service point."""
    rows = Determinant.objects.filter(service_point_id__in=service_point_ids, validity__contains=day)
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("kind__name").values(
        "service_point_id", "number_e6", "key", "origin", name=F("kind__name"), unit=F("kind__unit")
    ):
        found.setdefault(row["service_point_id"], []).append(row)
    return found


def cycle_choices() -> list[tuple[str, str]]:
    """Every cycle by code, with its read day, for a list to choose from."""
    rows = Cycle.objects.order_by("code").values_list("code", "read_day")
    return [(code, f"{code} ({read_day})") for code, read_day in rows]


__all__ = [
    "COMMODITIES", "cycle_choices", "facts_on", "like_prefix", "premise",
    "premises_of_points", "search_terms", "service_points",
]  # fmt: skip
