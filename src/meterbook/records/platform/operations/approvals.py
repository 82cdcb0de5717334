"""Maker and checker: one mechanism for everything that needs two people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR


class SamePerson(PermissionError):
    """Whoever asked cannot also decide."""


class DecidedElsewhere(ValueError):
    """The request is decided with its own deed, which knows who else may not decide it."""


#: Subjects whose requests are decided only by the deed they are about, which names the request as its approval.
DECIDED_BY_THEIR_DEED = (
    "ratedraft:",
    "correctioncase:",
    "adjustment:",
    "leakclaim:",
    "remittance:",
    "periodlock:",
    "unbilled:",
    "draftrun:",
    "achreversal:",
    "handchange:",
    "returnedpayment:",
    "servicecharge:",
    "developmentcharge:",
    "refund:",
    "smallbatch:",
    "unclaimedclaim:",
    "takeover:",
    "rebateapplication:",
    "security:",
    "paymentbatch:",
    "bankbooking:",
    "rolegrant:",
    "revenueclaim:",
    "destruction:",
    "paymentarrangement:",
)


#: Called in the deed of every decision: how areas above learn of it, which platform does not know.
WHEN_DECIDED: list[Callable[[Deed, Approval], None]] = []


class AlreadyDecided(ValueError):
    """The request was decided before."""


@operation("platform.request_approval", roles={BILLING, CSR, CASHIER, SUPERVISOR, FINANCE})
def request_approval(
    deed: Deed, *, kind: str, subject: str, preview: dict[str, Any], amount_cents: int = 0
) -> Approval:
    """Ask a second person; ``preview`` shows exactly what will post."""
    request = Approval.objects.create(
        kind=kind,
        subject=subject,
        preview=preview,
        amount_cents=amount_cents,
        requested_by=deed.actor,
        reason=deed.reason,
    )
    tell(deed, "platform.approval_requested", approval=request.pk, kind=kind)
    return request


@operation("platform.decide_approval", roles={SUPERVISOR, FINANCE})
def decide_approval(deed: Deed, *, request: Approval, approve: bool) -> Approval:
    """Approve or refuse a pending request; never one's own.

    Raises `AlreadyDecided`, `SamePerson`, and `DecidedElsewhere` for a request only its own deed decides.
    """
    locked = Approval.objects.select_for_update().get(pk=request.pk)
    if locked.status != Approval.PENDING:
        raise AlreadyDecided(f"request {locked.pk} was {locked.status}")
    if locked.requested_by_id == deed.actor.pk:
        raise SamePerson(f"{deed.actor.username} asked for this; someone else must decide")
    if locked.subject.startswith(DECIDED_BY_THEIR_DEED) and deed.approval_id != locked.pk:
        raise DecidedElsewhere(f"request {locked.pk} is decided on the page of {locked.subject}")
    locked.status = Approval.APPROVED if approve else Approval.REFUSED
    locked.decided_by = deed.actor
    locked.decided_at = timezone.now()
    locked.save()
    tell(deed, f"platform.approval_{locked.status}", approval=locked.pk, kind=locked.kind)
    for listener in WHEN_DECIDED:
        listener(deed, locked)
    return locked
