"""What platform pages show: approvals, files taken in, and the rows of them that could not be."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone

from meterbook.records.platform.models import Approval, Correction, Deed, ImportBatch


def approvals() -> QuerySet[Approval, Any]:
    """Every approval request with who asked and who decided."""
    return Approval.objects.values(
        "id", "kind", "subject", "status", "amount_cents", "requested_at", "decided_at", "reason",
        asker=F("requested_by__username"), decider=F("decided_by__username"),
    )  # fmt: skip


def approval(request_id: int) -> Approval:
    """One request; raises `Approval.DoesNotExist`."""
    return Approval.objects.select_related("requested_by", "decided_by").get(pk=request_id)


def find_approval(request_id: int) -> Approval | None:
    """One request, or nothing."""
    return Approval.objects.select_related("requested_by", "decided_by").filter(pk=request_id).first()


def pending_approvals() -> int:
    """How many requests wait for a second person."""
    return Approval.objects.filter(status=Approval.PENDING).count()


def import_batches(kind: str) -> QuerySet[ImportBatch, Any]:
    """Files of one kind taken in."""
    return ImportBatch.objects.filter(kind=kind).values(
        "id", "format", "file_name", "sha256", "rows", "loaded", "unchanged", "same_day", "rejected",
        taken_on=F("deed__business_date"), taken_at=F("deed__recorded_at"), taken_by=F("deed__actor__username"),
    )  # fmt: skip


def import_batch(batch_id: int) -> dict[str, Any] | None:
    """One file taken in, or nothing."""
    found = ImportBatch.objects.filter(pk=batch_id).values_list("kind", flat=True).first()
    return None if found is None else import_batches(found).get(pk=batch_id)


def corrections(*, kind: str, batch_id: int | None = None) -> QuerySet[Correction, Any]:
    """Rows that could not be taken and wait for someone; of one file, or of all."""
    rows = Correction.objects.filter(batch__kind=kind, resolved_by__isnull=True)
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    return rows.values(
        "id", "batch_id", "line", "field", "found", "expected", "raw",
        file_name=F("batch__file_name"), since=F("batch__deed__business_date"),
    )  # fmt: skip


def waiting_corrections(kind: str) -> dict[str, Any]:
    """How many corrections wait, and since when."""
    rows = Correction.objects.filter(batch__kind=kind, resolved_by__isnull=True)
    return rows.aggregate(count=Count("id"), oldest=Min("batch__deed__business_date"))


def deed_of(kind: str, subject: str) -> Deed | None:
    """The newest deed of a kind on a subject, with who did it."""
    return Deed.objects.select_related("actor").filter(kind=kind, subject=subject).order_by("-id").first()


def pending_of_others(user_id: int) -> QuerySet[Approval, Any]:
    """Requests someone else made that wait for a decision."""
    return approvals().filter(status=Approval.PENDING).exclude(requested_by_id=user_id)


def pending_of(user_id: int) -> QuerySet[Approval, Any]:
    """Requests a person made that wait for somebody else."""
    return approvals().filter(status=Approval.PENDING, requested_by_id=user_id)


def counted(rows: QuerySet[Approval, Any]) -> dict[str, Any]:
    """How many requests, and since which day the oldest waits."""
    found = rows.order_by().aggregate(count=Count("id"), oldest=Min("requested_at"))
    return {"count": found["count"], "oldest": found["oldest"] and timezone.localtime(found["oldest"]).date()}
