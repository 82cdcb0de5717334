"""What is told of the exchange with another MDM."""

from __future__ import annotations

from django.db.models import Count, Q

from meterbook.formats.mdm_csv import Clearance
from meterbook.records.metering.models import MdmClearance, ReadException


def as_clearance(row: MdmClearance) -> Clearance:
    """A clearance as the file and the other system have it."""
    decided = row.exception.resolved_on
    assert decided is not None
    return Clearance(row.exception.reference, row.decision, row.value, decided)


def all_clearances() -> list[Clearance]:
    """Every clearance on record, oldest first."""
    rows = MdmClearance.objects.filter(exception__state=ReadException.RESOLVED).select_related("exception")
    return [as_clearance(row) for row in rows.order_by("pk")]


def standing() -> dict[str, int]:
    """How many exceptions of the MDM wait here, and how many decisions it does not know yet."""
    items = ReadException.objects.filter(source="mdm").aggregate(
        open=Count("pk", filter=~Q(state=ReadException.RESOLVED)), decided=Count("pk", filter=Q(state="resolved"))
    )
    return {**items, "unsent": MdmClearance.objects.filter(sent=False).count()}
