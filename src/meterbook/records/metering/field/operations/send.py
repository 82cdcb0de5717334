"""Approving a field request and sending somebody, one by one or several at once."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.records.metering.field.refusals import NotTheirRequest
from meterbook.records.metering.field.states import locked, refuse_jump, step_to
from meterbook.records.metering.models import FieldRequest
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, METER_SHOP, READER, SUPERVISOR, roles_of

_WORKERS = {READER, METER_SHOP, BILLING, SUPERVISOR}


@operation("metering.approve_request", roles={BILLING, SUPERVISOR})
def approve_request(deed: Deed, *, request: FieldRequest) -> FieldRequest:
    """Agree that somebody goes. Raises `NoSuchStep`."""
    found = _to(deed, request, FieldRequest.APPROVED)
    tell(deed, "metering.request_approved", request=found.pk, kind=found.kind)
    return found


@operation("metering.dispatch_request", roles={BILLING, SUPERVISOR})
def dispatch_request(deed: Deed, *, request: FieldRequest, owner: User | None = None) -> FieldRequest:
    """Send somebody, for the first time or again; ``owner`` is who goes. Raises `NoSuchStep`, `NotTheirRequest`."""
    found = _to(deed, request, FieldRequest.DISPATCHED, owner)
    tell(deed, "metering.request_dispatched", request=found.pk, kind=found.kind, owner=found.owner_id)
    return found


@operation("metering.approve_requests", roles={BILLING, SUPERVISOR})
def approve_requests(deed: Deed, *, requests: Sequence[FieldRequest]) -> int:
    """Approve several: all of them, or none. Raises `NoSuchStep`."""
    for request in _in_order(requests):
        found = _to(deed, request, FieldRequest.APPROVED)
        tell(deed, "metering.request_approved", request=found.pk, kind=found.kind)
    return len(requests)


@operation("metering.dispatch_requests", roles={BILLING, SUPERVISOR})
def dispatch_requests(deed: Deed, *, requests: Sequence[FieldRequest], owner: User | None = None) -> int:
    """Send somebody to several: all of them, or none. Raises `NoSuchStep`, `NotTheirRequest`."""
    for request in _in_order(requests):
        found = _to(deed, request, FieldRequest.DISPATCHED, owner)
        tell(deed, "metering.request_dispatched", request=found.pk, kind=found.kind, owner=found.owner_id)
    return len(requests)


def _in_order(requests: Sequence[FieldRequest]) -> list[FieldRequest]:
    """Always the same order of locks, so that two people's lists wait for each other."""
    return sorted(requests, key=lambda each: (each.register_id or 0, each.pk))


def _to(deed: Deed, request: FieldRequest, state: str, owner: User | None = None) -> FieldRequest:
    found = locked(request)
    refuse_jump(found, state)
    if owner is not None:
        if not roles_of(owner, deed.business_date) & _WORKERS:
            raise NotTheirRequest(name=str(owner))
        found.owner = owner
        found.save(update_fields=["owner"])
    step_to(deed, found, state, deed.reason)
    return found
