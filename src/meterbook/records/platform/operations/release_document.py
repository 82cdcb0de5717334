"""Releasing a document: proposed by one person, approved by another, then immutable."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db.models import Max

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.platform.roles import FINANCE, SUPERVISOR


class NotApproved(PermissionError):
    """The approval is missing, pending, refused, or for another text."""


def sha256_of(body: str) -> str:
    """Hash of a document's text, as hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


@operation("platform.release_document", roles={SUPERVISOR, FINANCE})
def release_document(
    deed: Deed, *, kind: str, code: str, effective: date, citation: str, body: str, approval: Approval
) -> Document:
    """Make an approved text the newest release of ``kind``/``code``; the same text again returns what stands."""
    digest = sha256_of(body)
    newest = Document.objects.filter(kind=kind, code=code).order_by("-sequence").first()
    if newest is not None and newest.sha256 == digest:
        return newest
    if approval.status != Approval.APPROVED or approval.preview.get("sha256") != digest:
        raise NotApproved(f"{kind} {code}: no approval for text {digest[:12]}")
    last = Document.objects.filter(kind=kind, code=code).aggregate(last=Max("sequence"))["last"] or 0
    document = Document.objects.create(
        kind=kind,
        code=code,
        sequence=last + 1,
        effective=effective,
        citation=citation,
        body=body,
        sha256=digest,
        proposed_by=approval.requested_by,
        approval=approval,
        released_by=deed.actor,
        released_on=deed.business_date,
        deed=deed,
    )
    tell(deed, "platform.document_released", document=document.pk, kind=kind, code=code)
    return document
