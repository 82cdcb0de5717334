"""The states of a field request: which step follows which, and how one is written."""

from __future__ import annotations

from collections.abc import Callable

from meterbook.records.metering.field.refusals import NoSuchStep
from meterbook.records.metering.models import FieldRequest, FieldRequestStep, Register
from meterbook.records.platform.models import Deed

F = FieldRequest
#: What may follow each state. Where nobody got in, somebody goes again, or it is settled by other evidence.
NEXT: dict[str, tuple[str, ...]] = {
    F.FLAGGED: (F.APPROVED,),
    F.APPROVED: (F.DISPATCHED,),
    F.DISPATCHED: (F.READ, F.NO_ACCESS),
    F.NO_ACCESS: (F.DISPATCHED, F.CONFIRMED, F.CORRECTED),
    F.READ: (F.CONFIRMED, F.CORRECTED),
    F.CONFIRMED: (F.CLOSED,),
    F.CORRECTED: (F.CLOSED,),
    F.CLOSED: (),
}
LONGEST_NOTE = 300
#: Who goes along with each step in the same deed: the service order that an approved request becomes.
FOLLOWERS: list[Callable[[Deed, FieldRequest], None]] = []


def locked(request: FieldRequest) -> FieldRequest:
    """The request as it stands now, held until the deed is done.

    The register comes first, as everywhere in the queue, so that a decision and a visit wait for each other.
    """
    if request.register_id is not None:
        Register.objects.select_for_update().get(pk=request.register_id)
    rows = F.objects.select_for_update(of=("self",)).select_related("service_point", "exception", "register")
    return rows.get(pk=request.pk)


def refuse_jump(request: FieldRequest, to: str) -> None:
    """Refuse any step that does not follow; raises `NoSuchStep`."""
    if to not in NEXT[request.state]:
        raise NoSuchStep(request.state, to)


def step_to(deed: Deed, request: FieldRequest, state: str, note: str) -> FieldRequestStep:
    """Write the step and the state it leads to."""
    if request.state != state:
        request.state = state
        request.save(update_fields=["state", "outcome"])
    step = noted(deed, request, note)
    for follow in FOLLOWERS:
        follow(deed, request)
    return step


def noted(deed: Deed, request: FieldRequest, note: str) -> FieldRequestStep:
    """One more line of the request's history, in the state it is in."""
    return FieldRequestStep.objects.create(
        request=request, state=request.state, on=deed.business_date, note=note.strip()[:LONGEST_NOTE], deed=deed
    )
