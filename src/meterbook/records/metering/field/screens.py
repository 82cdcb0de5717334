"""What the field's list and one request's page show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from meterbook.records.metering.models import (
    FieldRequest,
    FieldRequestStep,
    Installation,
    Meter,
    Read,
    Register,
)
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Attachment, RoleGrant, User
from meterbook.records.platform.roles import BILLING, METER_SHOP, READER, SUPERVISOR

OPEN, ENDED = "open", "closed"
PICTURES = ("image/jpeg", "image/png", "image/webp")


def requests(which: str = OPEN) -> QuerySet[FieldRequest, Any]:
    """Requests that are open, or all that ended, with what a row shows."""
    rows = FieldRequest.objects.all()
    rows = rows.filter(state=FieldRequest.CLOSED) if which == ENDED else rows.exclude(state=FieldRequest.CLOSED)
    return rows.values(
        "id", "kind", "state", "reason", "raised_on", "due_on", "outcome", "service_point_id",
        route=F("service_point__route__code"), sequence=F("service_point__sequence"),
        street_number=F("service_point__premise__street_number"), street=F("service_point__premise__street"),
        house_unit=F("service_point__premise__unit"), commodity=F("service_point__commodity"),
        owner_name=F("owner__username"), exception_number=F("exception_id"),
    )  # fmt: skip


def routes() -> list[str]:
    """Codes of the routes open requests lie on."""
    rows = FieldRequest.objects.exclude(state=FieldRequest.CLOSED).exclude(service_point__route=None)
    return list(
        rows.order_by("service_point__route__code").values_list("service_point__route__code", flat=True).distinct()
    )


def workers(on: date) -> list[User]:
    """Who may be sent on a business date."""
    held = RoleGrant.objects.filter(role__in=[READER, METER_SHOP, BILLING, SUPERVISOR], validity__contains=on)
    return list(User.objects.filter(is_active=True, role_grants__in=held).order_by("username").distinct())


def waiting(today: date) -> dict[str, Any]:
    """How many requests are open and overdue, and since when."""
    rows = FieldRequest.objects.exclude(state=FieldRequest.CLOSED)
    return rows.aggregate(
        count=Count("id"), oldest=Min("raised_on"), late=Count("id", filter=Q(due_on__lt=today)),
        out=Count("id", filter=Q(state=FieldRequest.DISPATCHED)),
    )  # fmt: skip


def find(request_id: int) -> FieldRequest | None:
    """One request with its place, or nothing."""
    rows = FieldRequest.objects.select_related(
        "service_point__premise", "service_point__route", "register__meter", "owner", "exception__read"
    )
    return rows.filter(pk=request_id).first()


def chosen(ids: list[int]) -> list[FieldRequest]:
    """Requests by id, in the order of the walk."""
    rows = FieldRequest.objects.select_related("service_point__premise", "service_point__route").filter(pk__in=ids)
    return list(rows.order_by("service_point__route__code", "service_point__sequence", "pk"))


def history(request: FieldRequest) -> list[FieldRequestStep]:
    """Every step, the first one first."""
    return list(FieldRequestStep.objects.filter(request=request).select_related("deed__actor").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Dial:
    """A register to read: its meter, what it showed last and when."""

    register: Register
    meter: Meter
    last: Read | None


def dials(request: FieldRequest, on: date) -> list[Dial]:
    """The registers that hang at the request's place on a day, the main one first."""
    hung = Installation.objects.filter(service_point=request.service_point_id, validity__contains=on)
    found = Register.objects.select_related("meter").filter(meter__in=hung.values("meter"))
    made = []
    for register in found.order_by("meter", "channel"):
        reads = Read.objects.filter(register=register, status=Read.ACCEPTED, superseded=False).order_by("-read_on")
        made.append(Dial(register, register.meter, reads.first()))
    return made


def photos(request: FieldRequest) -> list[Attachment]:
    """The photos of a request, without their content."""
    rows = Attachment.objects.filter(subject=f"fieldrequest:{request.pk}", content_type__in=PICTURES)
    return list(rows.defer("content").order_by("pk"))


def photo(attachment_id: int) -> tuple[str, bytes] | None:
    """A photo's type and bytes; nothing for anything but a photo of a field request."""
    rows = Attachment.objects.filter(pk=attachment_id, subject__startswith="fieldrequest:", content_type__in=PICTURES)
    found = rows.first()
    return None if found is None else (found.content_type, bytes(found.content))


def place(point_id: int) -> ServicePoint | None:
    """A service point with its premise, or nothing."""
    return ServicePoint.objects.select_related("premise").filter(pk=point_id).first()
