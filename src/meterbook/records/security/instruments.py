"""Instruments as they stand: valid on a day, ending soon, what is left to draw."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from meterbook.records.security.models import Draw, Instrument


def expiring(first: date, last: date) -> QuerySet[Instrument, Any]:
    """Instruments whose last day lies from one day to another; those released ended on their release."""
    found = Instrument.objects.filter(validity__endswith__gt=first, validity__endswith__lte=last)
    released = found.filter(changes__kind="released", changes__until=F("validity__endswith"))
    return found.exclude(pk__in=released.values("pk")).order_by("validity__endswith", "pk")


def left_of(instrument: Instrument) -> int:
    """Cents that were not drawn yet."""
    drawn = Draw.objects.filter(instrument=instrument).aggregate(cents=Coalesce(Sum("amount_cents"), 0))["cents"]
    return instrument.amount_cents - int(drawn)
