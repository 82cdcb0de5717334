"""What the list of alerts shows: the events as they were told."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, F, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from meterbook.records.metering.alerts.found import HIGH, LEAK
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Event


def alerts() -> QuerySet[Event, Any]:
    """Every leak and high usage told, with its figures."""
    return Event.objects.filter(kind__in=[LEAK, HIGH]).annotate(
        service_point=Cast(KT("payload__service_point"), BigIntegerField()), account=KT("payload__account"),
        meter=KT("payload__meter"),
    ).values(
        "id", "kind", "payload", "service_point", "account", "meter", told_on=F("deed__business_date"),
    )  # fmt: skip


def places(points: list[int]) -> dict[int, tuple[str, int]]:
    """Address and premise of service points."""
    found = ServicePoint.objects.select_related("premise").filter(pk__in=points)
    return {each.pk: (each.premise.address, each.premise_id) for each in found}
