"""Asking a second person about adjustments, or booking them at once where nobody need be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meterbook.records.adjustments.models import Adjustment
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Approval, Deed

KIND = "adjustments.decide"


def preview_of(adjustments: Sequence[Adjustment], more: dict[str, Any]) -> dict[str, Any]:
    """What will post, line by line, for whoever decides."""
    first = adjustments[0]
    lines = [
        {"service": row.service, "words": row.words_en, "against": row.against.code, "cents": row.amount_cents}
        for row in adjustments
    ]
    return {"account": first.account.number, "effective": str(first.effective_on), "lines": lines, **more}


def ask(deed: Deed, subject: str, adjustments: Sequence[Adjustment], more: dict[str, Any]) -> Approval:
    """Let the adjustments wait for a second person."""
    request = Approval.objects.create(
        kind=KIND,
        subject=subject,
        preview=preview_of(adjustments, more),
        amount_cents=sum(row.amount_cents for row in adjustments),
        requested_by=deed.actor,
        reason=deed.reason or adjustments[0].note,
    )
    for row in adjustments:
        row.approval = request
        row.save(update_fields=["approval"])
    tell(deed, "adjustments.asked", approval=request.pk, subject=subject, cents=request.amount_cents)
    return request
