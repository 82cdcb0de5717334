"""Accepting what was questioned: the read stands, or what the rule noticed was looked at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.records.metering.models import Finding, ReadException
from meterbook.records.metering.queue.deciding import (
    APPROVAL,
    bring_up_to_date,
    check_shows,
    decided_so,
    finish,
    lock,
    plain,
    put_in_force,
    questioned_read,
    subject_of,
    undecided,
)
from meterbook.records.metering.queue.doubts import judged
from meterbook.records.metering.queue.refusals import NeedsApproval, NoRead
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("metering.accept_read", roles={BILLING, SUPERVISOR})
def accept_read(deed: Deed, *, item: ReadException) -> ReadException:
    """Accept the read an item is about, as it came; usage is derived from it. Twice is once.

    An item of intervals, or of another system without a read, is only closed: there is no read to put in force. Raises
    the refusals of `queue.refusals`: above the policy's amount a second person's approval is needed first.
    """
    found = lock(item)
    if decided_so(found, ReadException.ACCEPTED):
        return found
    check_approval(deed, found)
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
def request_acceptance(deed: Deed, *, item: ReadException, value: Decimal | None = None) -> Approval:
    """Ask a second person whether a dear read may be accepted, or corrected to ``value``.

    Asking for the same again returns the request that waits. Raises `NoRead`, `CannotShow`.
    """
    found = undecided(lock(item))
    read = questioned_read(found)
    if value is not None:
        check_shows(read.register, value)
    preview = shown_to_approve(found, deed, value)
    waiting = Approval.objects.filter(kind=APPROVAL, subject=subject_of(found), status=Approval.PENDING)
    for each in waiting:
        if each.preview == preview:
            return each
    asked = Approval.objects.create(
        kind=APPROVAL, subject=subject_of(found), preview=preview, amount_cents=preview["at_risk_cents"],
        requested_by=deed.actor, reason=deed.reason,
    )  # fmt: skip
    tell(deed, "metering.acceptance_requested", exception=found.pk, approval=asked.pk)
    return asked


def shown_to_approve(item: ReadException, deed: Deed, value: Decimal | None = None) -> dict[str, Any]:
    """Exactly what would be in force: the value as it came, or the one in its place, and what it makes."""
    read = questioned_read(item)
    verdict = _verdict(item, deed.business_date, value)
    rules = Finding.objects.filter(exception=item).order_by("-holds", "pk").values_list("rule", flat=True)
    came = {} if value in (None, read.value) else {"came": _text(read.value)}
    return {
        "meter": read.register.meter.serial, "channel": read.register.channel, "read_on": read.read_on.isoformat(),
        "address": item.service_point.premise.address, "value": _text(read.value if value is None else value),
        "read": read.pk, "unit": item.unit, "found_e6": verdict.get("found"), "expected_e6": verdict.get("expected"),
        "rules": list(dict.fromkeys(rules)), "at_risk_cents": verdict["at_risk"],
    } | came  # fmt: skip


def needs_approval(item: ReadException, on: date, value: Decimal | None = None) -> bool:
    """Whether a second person's signature is still needed before it can be accepted, or corrected to ``value``."""
    limit = queue_settings(on).approval_above_cents
    if limit is None or item.read is None:
        return False
    cents = _verdict(item, on, value)["at_risk"]
    if cents <= limit:
        return False
    shown = {"read": item.read.pk, "value": _text(item.read.value if value is None else value)}
    given = Approval.objects.filter(
        kind=APPROVAL, subject=subject_of(item), status=Approval.APPROVED, amount_cents__gte=cents
    )
    return all({name: each.preview.get(name) for name in shown} != shown for each in given)


def check_approval(deed: Deed, item: ReadException, value: Decimal | None = None) -> None:
    """Refuse what one person alone may not put in force; raises `NeedsApproval`."""
    if needs_approval(item, deed.business_date, value):
        raise NeedsApproval(limit=(queue_settings(deed.business_date).approval_above_cents or 0) // 100)


def _verdict(item: ReadException, on: date, value: Decimal | None) -> dict[str, int]:
    """Usage found and expected (millionths, if known) and cents at risk: as raised, or with another value."""
    read = questioned_read(item)
    if value is None or value == read.value:
        known = {"found": item.found_e6, "expected": item.expected_e6, "at_risk": item.at_risk_cents}
        return {name: number for name, number in known.items() if number is not None}
    return {"at_risk": 0} | judged(read, on, value)


def _text(value: Decimal) -> str:
    return f"{plain(value):f}"
