"""Asking for a second look: a re-read, or a check of the meter. The item waits until the field has answered."""

from __future__ import annotations

from datetime import date

from meterbook.records.metering.models import FieldRequest, ReadException
from meterbook.records.metering.queue.deciding import lock, undecided
from meterbook.records.metering.queue.field_requests import ask_field
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: What is asked of the field where nobody says more.
RE_READ, CHECK = "re-read", "check the meter"


@operation("metering.request_re_read", roles={BILLING, SUPERVISOR})
def request_re_read(deed: Deed, *, item: ReadException, due_on: date | None = None) -> FieldRequest:
    """Flag the service point for a re-read by ``due_on`` (the policy's days, if not said); the item waits for it."""
    request = _ask(deed, item, "re_read", due_on, RE_READ)
    tell(deed, "metering.re_read_requested", exception=item.pk, request=request.pk, due_on=request.due_on.isoformat())
    return request


@operation("metering.request_check", roles={BILLING, SUPERVISOR})
def request_check(deed: Deed, *, item: ReadException, due_on: date | None = None) -> FieldRequest:
    """Ask for the meter to be looked at by ``due_on`` (the policy's days, if not said); the item waits for it."""
    request = _ask(deed, item, "check_meter", due_on, CHECK)
    tell(deed, "metering.check_requested", exception=item.pk, request=request.pk, due_on=request.due_on.isoformat())
    return request


def _ask(deed: Deed, item: ReadException, kind: str, due_on: date | None, otherwise: str) -> FieldRequest:
    """Twice is once: an item that waits for an open request of the kind is not asked for again."""
    found = undecided(lock(item))
    waiting = FieldRequest.objects.filter(service_point=found.service_point_id, kind=kind, exception=found)
    open_one = waiting.exclude(state=FieldRequest.CLOSED).first()
    if open_one is not None and found.state == ReadException.WAITING:
        return open_one
    due = due_on or queue_settings(deed.business_date).due_on(kind, deed.business_date)
    request = ask_field(deed, found, kind=kind, due_on=due, reason=deed.reason or otherwise)
    found.state = ReadException.WAITING
    found.save(update_fields=["state"])
    return request
