"""How a field request ends: confirmed or corrected, then closed with an outcome; or called off by a supervisor."""

from __future__ import annotations

from decimal import Decimal

from meterbook.records.metering.field.refusals import NoActualRead, NoEvidence, NoOutcome, NoSuchStep
from meterbook.records.metering.field.settling import CORRECTED, reopen, seen_on_the_day, settle_items
from meterbook.records.metering.field.states import LONGEST_NOTE, locked, noted, refuse_jump, step_to
from meterbook.records.metering.models import FieldRequest, Read, Register
from meterbook.records.metering.queue.deciding import check_shows
from meterbook.records.metering.queue.evidence import SEEN, was_seen
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR, SYSTEM, roles_of


@operation("metering.confirm_request", roles={BILLING, SUPERVISOR})
def confirm_request(deed: Deed, *, request: FieldRequest) -> FieldRequest:
    """What was on record is right. Raises `NoSuchStep`, and `NoEvidence` without a word where nobody got in."""
    found = locked(request)
    refuse_jump(found, FieldRequest.CONFIRMED)
    _words_without_a_visit(deed, found)
    step_to(deed, found, FieldRequest.CONFIRMED, deed.reason)
    tell(deed, "metering.request_confirmed", request=found.pk, kind=found.kind)
    return found


@operation("metering.correct_request", roles={BILLING, SUPERVISOR})
def correct_request(deed: Deed, *, request: FieldRequest, value: Decimal | None = None) -> FieldRequest:
    """What was on record is wrong; ``value`` is what the questioned register showed on the day in question, if known.

    A visit on that very day says it by itself. Without a value the questioned read is refused when the request is
    closed, and the read of the visit stands alone. Raises `NoSuchStep`, `queue.refusals.CannotShow`, and
    `NoEvidence` without a word where nobody got in.
    """
    found = locked(request)
    refuse_jump(found, FieldRequest.CORRECTED)
    _words_without_a_visit(deed, found)
    right = value if value is not None else seen_on_the_day(found)
    item = found.exception
    if right is not None and item is not None and item.register_id is not None:
        check_shows(Register.objects.get(pk=item.register_id), right)
    words = " · ".join(filter(None, ("" if right is None else f"{right:f}", deed.reason.strip())))
    step_to(deed, found, FieldRequest.CORRECTED, words)
    tell(deed, CORRECTED, request=found.pk, kind=found.kind, value=None if right is None else f"{right:f}")
    return found


@operation("metering.close_request", roles={BILLING, SUPERVISOR})
def close_request(deed: Deed, *, request: FieldRequest, outcome: str) -> FieldRequest:
    """End a request with what came of it, and decide the item of the queue it came from.

    A confirmed read is accepted, a corrected one corrected or refused, the reads of the visit accepted; what the queue
    will not decide so is open work there again. Raises `NoSuchStep`, `NoOutcome`, `NoActualRead`.
    """
    found = locked(request)
    refuse_jump(found, FieldRequest.CLOSED)
    if not outcome.strip():
        raise NoOutcome
    refused = settle_items(deed, found, found.state, outcome.strip())
    if SUPERVISOR not in roles_of(deed.actor, deed.business_date):
        refuse_unread(found)
    _end(deed, found, outcome)
    for words in refused:
        noted(deed, found, words)
    tell(
        deed, "metering.request_closed", request=found.pk, kind=found.kind, outcome=found.outcome, left=refused,
        exception=found.exception_id,
    )  # fmt: skip
    return found


@operation("metering.withdraw_request", roles={SUPERVISOR})
def withdraw_request(deed: Deed, *, request: FieldRequest) -> FieldRequest:
    """Call a request off before anybody has decided it; the deed's reason is its outcome. The item is open work again.

    Raises `NoOutcome` without a reason, `NoSuchStep` once a visit is recorded.
    """
    found = locked(request)
    if found.state not in (
        FieldRequest.FLAGGED, FieldRequest.APPROVED, FieldRequest.DISPATCHED, FieldRequest.NO_ACCESS,
    ):  # fmt: skip
        raise NoSuchStep(found.state, FieldRequest.CLOSED)
    if not deed.reason.strip():
        raise NoOutcome
    reopen(found.exception)
    _end(deed, found, deed.reason)
    tell(deed, "metering.request_withdrawn", request=found.pk, kind=found.kind, outcome=found.outcome)
    return found


@operation("metering.end_silence", roles={SYSTEM, BILLING, SUPERVISOR})
def end_silence(deed: Deed, *, request: FieldRequest) -> FieldRequest:
    """Close a request about a meter that fell silent, from whatever state: data came. The deed's reason is the outcome.

    Raises `NoSuchStep` for any other kind, or one that ended.
    """
    found = locked(request)
    if found.kind != "non_communicating" or found.state == FieldRequest.CLOSED:
        raise NoSuchStep(found.state, FieldRequest.CLOSED)
    if not deed.reason.strip():
        raise NoOutcome
    _end(deed, found, deed.reason)
    tell(deed, "metering.silence_ended", request=found.pk, outcome=found.outcome)
    return found


def refuse_unread(request: FieldRequest) -> None:
    """Refuse the end of a request for a meter that was estimated too often and is still unread; `NoActualRead`."""
    if request.kind != "estimate_limit":
        return
    known = Read.objects.filter(
        register__meter__installations__service_point=request.service_point_id, read_on__gte=request.raised_on,
        status=Read.ACCEPTED, superseded=False, estimated=False, starts_chain=False,
    ).exclude(origin=Read.ESTIMATED)  # fmt: skip
    if not any(read.origin in SEEN or was_seen(read.register_id, read.read_on) for read in known):
        raise NoActualRead(since=request.raised_on)


def _words_without_a_visit(deed: Deed, request: FieldRequest) -> None:
    if request.state == FieldRequest.NO_ACCESS and not deed.reason.strip():
        raise NoEvidence


def _end(deed: Deed, request: FieldRequest, outcome: str) -> None:
    request.outcome = outcome.strip()[:LONGEST_NOTE]
    step_to(deed, request, FieldRequest.CLOSED, outcome)
