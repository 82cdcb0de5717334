"""Telling the other MDM what was decided: a clearance an exception, sent until it is known there."""

from __future__ import annotations

from django.db.models import F, Q

from meterbook.records.metering.models import MdmClearance, Read, ReadException
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_LONGEST = 300


@operation("metering.gather_clearances", roles={BILLING, SUPERVISOR})
def gather_clearances(deed: Deed) -> list[MdmClearance]:
    """Write a clearance for every decided exception of the MDM's that has none; returns all that are not sent yet.

    An exception that was opened again and decided otherwise is to be sent again.
    """
    made = 0
    decided = ReadException.objects.filter(source="mdm", state=ReadException.RESOLVED)
    fresh = decided.filter(Q(clearance__isnull=True) | Q(resolved_by__gt=F("clearance__deed")))
    for item in fresh.order_by("pk"):
        made += _clear(deed, item)
    tell(deed, "metering.clearances_gathered", made=made)
    return unsent()


@operation("metering.mark_cleared", roles={BILLING, SUPERVISOR})
def mark_cleared(deed: Deed, *, clearance: MdmClearance, sent: bool, answer: str) -> MdmClearance:
    """Keep whether a clearance reached the other system, and its answer."""
    found = MdmClearance.objects.select_for_update().get(pk=clearance.pk)
    if (found.decision, found.value) == (clearance.decision, clearance.value):
        found.sent, found.answer = sent, answer[:_LONGEST]
        found.save(update_fields=["sent", "answer"])
    tell(deed, "metering.exception_cleared", clearance=found.pk, exception=found.exception_id, sent=found.sent)
    return found


def unsent() -> list[MdmClearance]:
    """Clearances the other system does not know yet, oldest first."""
    rows = MdmClearance.objects.filter(sent=False, exception__state=ReadException.RESOLVED)
    return list(rows.select_related("exception").order_by("pk"))


def _clear(deed: Deed, item: ReadException) -> int:
    """Write or renew the clearance of a decided item; 1 where anything is to be sent now."""
    value = None
    if item.register_id is not None:
        standing = Read.objects.filter(
            register=item.register_id, read_on=item.on, superseded=False, status=Read.ACCEPTED
        )
        value = standing.values_list("value", flat=True).first()
    before = MdmClearance.objects.filter(exception=item).first()
    if before is None:
        MdmClearance.objects.create(exception=item, decision=item.resolution, value=value, deed=deed)
        return 1
    before.deed = deed
    if (before.decision, before.value) == (item.resolution, value):
        before.save(update_fields=["deed"])
        return 0
    before.decision, before.value, before.sent, before.answer = item.resolution, value, False, ""
    before.save(update_fields=["decision", "value", "sent", "answer", "deed"])
    return 1
