"""What pages and commands show of new service: the permit queue, what came of permits, quotes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Trim

from meterbook.records.new_service.models import Permit, PermitPoint, Quote
from meterbook.records.new_service.settings import installation_on
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import ImportBatch
from meterbook.records.platform.policies import NoPolicy

_ADDRESS = Trim(Concat("street_number", Value(" "), "street", Value(" "), "unit", output_field=CharField()))


def permits() -> QuerySet[Permit, Any]:
    """Every permit as it was sent last."""
    waits = When(Q(state="waits") | Q(changed=True), then=Value(0))
    return Permit.objects.annotate(address_line=_ADDRESS, open_first=Case(waits, default=Value(1))).values(
        "id", "number", "kind", "status", "issued_on", "parcel_number", "applicant", "state", "changed", "open_first",
        "premise_id", "address_line",
    )  # fmt: skip


def waiting() -> dict[str, Any]:
    """How many permits wait or changed since, and since when."""
    rows = Permit.objects.filter(Q(state=Permit.WAITS) | Q(changed=True))
    oldest = rows.order_by("issued_on").values_list("issued_on", flat=True).first()
    return {"count": rows.count(), "oldest": oldest}


def permit(permit_id: int) -> Permit | None:
    """One permit with everything around it."""
    about = ("premise__parcel", "batch", "deed__actor", "decided_by__actor")
    return Permit.objects.select_related(*about).filter(pk=permit_id).first()


def permit_numbered(number: str) -> Permit | None:
    """The permit of a number, or nothing."""
    return Permit.objects.filter(number=number).first()


def points_of(permit_id: int) -> list[PermitPoint]:
    """The service points that came of a permit."""
    return list(PermitPoint.objects.filter(permit_id=permit_id).select_related("service_point").order_by("pk"))


def quotes_of(permit_id: int) -> list[Quote]:
    """Quotes of a permit, the newest first."""
    return list(Quote.objects.filter(permit_id=permit_id).order_by("-number"))


def quotes() -> QuerySet[Quote, Any]:
    """Every quote."""
    return Quote.objects.annotate(
        address_line=Trim(Concat("premise__street_number", Value(" "), "premise__street", Value(" "), "premise__unit",
                                 output_field=CharField()))
    ).values(
        "id", "number", "name", "words_en", "words_es", "size", "total_cents", "issued_on", "valid_until", "state",
        "address_line", permit_number=F("permit__number"),
    )  # fmt: skip


def quote(quote_id: int) -> Quote | None:
    """One quote with everything around it."""
    about = ("premise__parcel", "permit", "account__holder", "document", "deed__actor", "ended_by__actor")
    return Quote.objects.select_related(*about).filter(pk=quote_id).first()


def kinds_on(day: date) -> dict[str, Any]:
    """Kinds of installation of the policy in force, by code; none without a policy."""
    try:
        return dict(installation_on(day)[1].kinds)
    except NoPolicy:
        return {}


def batches() -> list[ImportBatch]:
    """The last files of permits."""
    return list(ImportBatch.objects.filter(kind="permits").select_related("deed__actor").order_by("-pk")[:10])


def batch(batch_id: int) -> ImportBatch | None:
    """One file of permits."""
    return ImportBatch.objects.filter(kind="permits", pk=batch_id).first()


def open_points(premise_id: int, service: str, day: date) -> list[Any]:
    """Service points of a premise for a service on a day."""
    rows = ServicePoint.objects.filter(premise_id=premise_id, commodity=service, validity__contains=day)
    return list(rows.order_by("pk"))
