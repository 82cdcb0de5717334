"""Sending somebody to look: one open request a service point and kind, with everything that was asked of it."""

from __future__ import annotations

from datetime import date

from meterbook.records.metering.models import FieldRequest, FieldRequestStep, ReadException
from meterbook.records.platform.models import Deed


def ask_field(deed: Deed, item: ReadException, *, kind: str, due_on: date, reason: str) -> FieldRequest:
    """Flag a request for the item's service point; one of its kind that is still open hears of it as well.

    A request ends only with an outcome, from the field's own list.
    """
    said = reason[:300]
    rows = FieldRequest.objects.select_for_update().filter(service_point=item.service_point_id, kind=kind)
    request = rows.exclude(state=FieldRequest.CLOSED).first()
    if request is None:
        request = FieldRequest.objects.create(
            kind=kind, service_point_id=item.service_point_id, register_id=item.register_id, exception=item,
            reason=said, raised_on=deed.business_date, due_on=due_on, state=FieldRequest.FLAGGED, deed=deed,
        )  # fmt: skip
    FieldRequestStep.objects.create(request=request, state=request.state, on=deed.business_date, note=said, deed=deed)
    return request
