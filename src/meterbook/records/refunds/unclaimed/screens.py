"""What pages and commands show of unclaimed money."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max, Q, QuerySet

from meterbook.records.platform.models import Approval
from meterbook.records.refunds.unclaimed.models import Publication, Unclaimed, UnclaimedClaim, UnclaimedStep
from meterbook.records.refunds.unclaimed.operations.take_over import KIND


def properties() -> QuerySet[Unclaimed, Any]:
    """Every property with its last letter and, where published, the claim day."""
    return Unclaimed.objects.annotate(
        letter_on=Max("steps__done_on", filter=Q(steps__kind="letter")),
    ).values(
        "id", "owner", "amount_cents", "since", "rule", "state", "letter_on", "publication_id",
        number=F("account__number"), claim_by=F("publication__claim_by"), found_on=F("deed__business_date"),
    )  # fmt: skip


def find(unclaimed_id: int) -> Unclaimed | None:
    """One property, or nothing."""
    rows = Unclaimed.objects.select_related("account__holder", "refund", "credit", "publication", "document")
    return rows.filter(pk=unclaimed_id).first()


def steps(unclaimed_id: int) -> list[UnclaimedStep]:
    """Every step of a property, in turn."""
    rows = UnclaimedStep.objects.filter(unclaimed_id=unclaimed_id).select_related("debit", "credit", "deed__actor")
    return list(rows.order_by("done_on", "pk"))


def claims(unclaimed_id: int) -> list[UnclaimedClaim]:
    """The claims for a property, newest first."""
    rows = UnclaimedClaim.objects.filter(unclaimed_id=unclaimed_id).select_related("deed__actor", "decided_by__actor")
    return list(rows.order_by("-pk"))


def find_claim(claim_id: int) -> UnclaimedClaim | None:
    """One claim, or nothing."""
    rows = UnclaimedClaim.objects.select_related("unclaimed__account__holder", "approval", "deed__actor")
    return rows.filter(pk=claim_id).first()


def publications() -> list[Publication]:
    """Every list published, newest first."""
    return list(Publication.objects.order_by("-pk"))


def find_publication(publication_id: int) -> Publication | None:
    """One list, or nothing."""
    return Publication.objects.filter(pk=publication_id).first()


def take_over_request(approval_id: int | None = None) -> Approval | None:
    """A request to take unclaimed money over: one, or the one that waits."""
    rows = Approval.objects.filter(kind=KIND).select_related("requested_by", "decided_by")
    return (rows.filter(pk=approval_id) if approval_id else rows.filter(status=Approval.PENDING)).first()
