"""Accepting what was questioned: the read stands, or what the rule noticed was looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.records.metering.models import ReadException
from meterbook.records.metering.queue.deciding import (
    bring_up_to_date,
    check_shows,
    decided_so,
    finish,
    lock,
    plain,
    put_in_force,
    questioned_read,
    undecided,
)
from meterbook.records.metering.queue.refusals import NeedsApproval, NoRead
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

APPROVAL = "metering.accept_read"


@operation("metering.accept_read", roles={BILLING, SUPERVISOR})
def accept_read(deed: Deed, *, item: ReadException) -> ReadException:
    """Accept the read an item is about, as it came; usage is derived from it. Twice is once.

    An item of intervals, or of another system without a read, is only closed: there is no read to put in force. Raises
    the refusals of `queue.refusals`: above the policy's amount a second person's approval is needed first.
    """
    found = lock(item)
    if decided_so(found, ReadException.ACCEPTED):
        return found
    _check_approval(deed, found)
    if found.read is None:
        if found.channel_id is None and found.source == "rules":
            raise NoRead
        return finish(deed, found, ReadException.ACCEPTED)
    read = questioned_read(found)
    check_shows(read.register, read.value)
    put_in_force(read)
    bring_up_to_date(deed, read.register_id, since=read.read_on)
    return finish(deed, found, ReadException.ACCEPTED, read)


@operation("metering.request_acceptance", roles={BILLING, SUPERVISOR})
def request_acceptance(deed: Deed, *, item: ReadException) -> Approval:
    """Ask a second person whether a dear read may be accepted; asking again returns the request that waits."""
    found = undecided(lock(item))
    questioned_read(found)
    preview = shown_to_approve(found)
    waiting = Approval.objects.filter(kind=APPROVAL, subject=subject_of(found), status=Approval.PENDING).first()
    if waiting is not None and waiting.preview == preview:
        return waiting
    asked = Approval.objects.create(
        kind=APPROVAL, subject=subject_of(found), preview=preview, amount_cents=found.at_risk_cents,
        requested_by=deed.actor, reason=deed.reason,
    )  # fmt: skip
    tell(deed, "metering.acceptance_requested", exception=found.pk, approval=asked.pk)
    return asked


def subject_of(item: ReadException) -> str:
    """What deeds and approvals call an item."""
    return f"readexception:{item.pk}"


def shown_to_approve(item: ReadException) -> dict[str, Any]:
    """Exactly what would be accepted."""
    read = questioned_read(item)
    return {
        "meter": read.register.meter.serial, "channel": read.register.channel, "read_on": read.read_on.isoformat(),
        "value": f"{plain(read.value):f}", "read": read.pk, "at_risk_cents": item.at_risk_cents,
    }  # fmt: skip


def needs_approval(item: ReadException, on: date) -> bool:
    """Whether a second person's signature is still needed before it can be accepted."""
    limit = queue_settings(on).approval_above_cents
    if limit is None or item.read_id is None or item.at_risk_cents <= limit:
        return False
    given = Approval.objects.filter(kind=APPROVAL, subject=subject_of(item), status=Approval.APPROVED)
    return all(each.preview != shown_to_approve(item) for each in given)


def _check_approval(deed: Deed, item: ReadException) -> None:
    if needs_approval(item, deed.business_date):
        raise NeedsApproval(limit=(queue_settings(deed.business_date).approval_above_cents or 0) // 100)
