"""Meters that fell silent: a ticket for each after so many days, closed by itself when data comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.records.metering.field.operations.end import end_silence
from meterbook.records.metering.field.silence import Talker, patience_on, talkers
from meterbook.records.metering.field.states import step_to
from meterbook.records.metering.models import FieldRequest
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

KIND = "non_communicating"


@dataclass(frozen=True, slots=True)
class Silence:
    """What a look for silent meters came to."""

    talking: int
    silent: int
    raised: int
    ended: int


@operation("metering.find_silent_meters", roles={BILLING, SUPERVISOR})
def find_silent_meters(deed: Deed, *, on: date) -> Silence:
    """Raise a request for every meter that should talk and was silent too long on a day; end those that talk again.

    One open request a service point; looking twice raises nothing twice. Raises `NoPolicy` where no policy
    ``silent-meters`` is in force.
    """
    found = talkers(on, patience_on(deed.business_date))
    silent = {each.service_point: each for each in found if each.too_long(on)}
    waiting = FieldRequest.objects.select_for_update(of=("self",)).filter(kind=KIND).exclude(state=FieldRequest.CLOSED)
    open_ones = {request.service_point_id: request for request in waiting}
    ended = 0
    for talker in found:
        request = open_ones.get(talker.service_point)
        if request is not None and talker.service_point not in silent:
            end_silence(Act(deed.actor, deed.business_date, _heard(talker)), request=request)
            ended += 1
    raised = [_raise(deed, each, on) for point, each in silent.items() if point not in open_ones]
    told = Silence(len(found), len(silent), len(raised), ended)
    tell(deed, "metering.silence_looked_for", on=on.isoformat(), silent=told.silent, raised=told.raised, ended=ended)
    return told


def _heard(talker: Talker) -> str:
    return f"{talker.serial} talks again: last heard of {talker.heard or talker.hung}"


def _raise(deed: Deed, talker: Talker, on: date) -> FieldRequest:
    last = f"last heard of {talker.heard}" if talker.heard else f"never heard of since it was hung {talker.hung}"
    request = FieldRequest.objects.create(
        kind=KIND, service_point_id=talker.service_point, state=FieldRequest.FLAGGED,
        reason=f"{talker.serial}: {talker.silent(on)} days without data, {last}", raised_on=deed.business_date,
        due_on=queue_settings(deed.business_date).due_on(KIND, deed.business_date), deed=deed,
    )  # fmt: skip
    step_to(deed, request, FieldRequest.FLAGGED, request.reason)
    tell(
        deed, "metering.meter_silent", request=request.pk, service_point=talker.service_point, meter=talker.meter,
        days=talker.silent(on), heard=talker.heard.isoformat() if talker.heard else None,
    )  # fmt: skip
    return request
