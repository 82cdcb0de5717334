"""Asking the field by hand, whose work a request is, and by when."""

from __future__ import annotations

from datetime import date

from meterbook.records.metering.field.refusals import FieldRefused, NoOutcome, NoSuchStep, NotTheirRequest, WrongDay
from meterbook.records.metering.field.states import locked, noted
from meterbook.records.metering.models import FieldRequest, FieldRequestStep
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.roles import BILLING, CSR, METER_SHOP, READER, SUPERVISOR, roles_of

#: Kinds a person may ask for; the others are raised where they are found.
BY_HAND = ("re_read", "check_meter", "leak", "location")
_OWNERS = {READER, METER_SHOP, BILLING, SUPERVISOR}


@operation("metering.flag_request", roles={BILLING, SUPERVISOR, CSR, METER_SHOP, READER})
def flag_request(deed: Deed, *, service_point: ServicePoint, kind: str, due_on: date | None = None) -> FieldRequest:
    """Ask for somebody to go and look; the deed's reason is why. One of its kind that is open hears of it as well.

    Raises `FieldRefused` for a kind nobody asks for by hand, `NoOutcome` without a reason.
    """
    if kind not in BY_HAND:
        raise FieldRefused
    if not deed.reason.strip():
        raise NoOutcome
    why = deed.reason.strip()[:300]
    found = FieldRequest.objects.select_for_update().filter(service_point=service_point, kind=kind)
    request = found.exclude(state=FieldRequest.CLOSED).first()
    if request is None:
        due = due_on or queue_settings(deed.business_date).due_on(kind, deed.business_date)
        request = FieldRequest.objects.create(
            kind=kind, service_point=service_point, reason=why, raised_on=deed.business_date, due_on=due,
            state=FieldRequest.FLAGGED, deed=deed,
        )  # fmt: skip
    FieldRequestStep.objects.create(request=request, state=request.state, on=deed.business_date, note=why, deed=deed)
    tell(deed, "metering.request_flagged", request=request.pk, kind=kind, service_point=service_point.pk)
    return request


@operation("metering.assign_request", roles={BILLING, SUPERVISOR, METER_SHOP, READER})
def assign_request(deed: Deed, *, request: FieldRequest, owner: User | None) -> FieldRequest:
    """Make a request somebody's work, or nobody's. Raises `NotTheirRequest`, `NoSuchStep` for one that ended."""
    found = _open(request)
    if owner is not None and not roles_of(owner, deed.business_date) & _OWNERS:
        raise NotTheirRequest(name=str(owner))
    if found.owner != owner:
        found.owner = owner
        found.save(update_fields=["owner"])
        noted(deed, found, f"owner: {owner.username if owner else 'nobody'}")
        tell(deed, "metering.request_assigned", request=found.pk, owner=owner.pk if owner else None)
    return found


@operation("metering.postpone_request", roles={BILLING, SUPERVISOR})
def postpone_request(deed: Deed, *, request: FieldRequest, due_on: date) -> FieldRequest:
    """Set another day by which somebody must have been there; the deed's reason says why.

    Raises `NoOutcome` without a reason, `WrongDay` for a day that is past, `NoSuchStep` for one that ended.
    """
    found = _open(request)
    if not deed.reason.strip():
        raise NoOutcome
    if due_on < deed.business_date:
        raise WrongDay(day=due_on, since=found.raised_on, today=deed.business_date)
    was = found.due_on
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    noted(deed, found, f"due {was} → {due_on}: {deed.reason}")
    tell(deed, "metering.request_postponed", request=found.pk, was=was.isoformat(), due_on=due_on.isoformat())
    return found


def _open(request: FieldRequest) -> FieldRequest:
    found = locked(request)
    if found.state == FieldRequest.CLOSED:
        raise NoSuchStep(found.state, found.state)
    return found
