"""What the rate workbench shows: schedules, released versions and drafts as lists, and one of each to look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from meterbook.records.platform.models import Document
from meterbook.records.rates.models import RateDraft, RateRevision, ReleasedVersion, Schedule


def schedules(day: date, language: str) -> QuerySet[Schedule, Any]:
    """Every schedule with the version in force on a day, the next one, and drafts under way."""
    begun = ReleasedVersion.objects.filter(schedule=OuterRef("pk"), effective__lte=day).order_by("-effective")
    coming = ReleasedVersion.objects.filter(schedule=OuterRef("pk"), effective__gt=day).order_by("effective")
    open_ones = RateDraft.objects.filter(code=OuterRef("code"), status__in=["draft", "submitted"]).order_by("-pk")
    return Schedule.objects.annotate(
        title=F(f"title_{language}"),
        effective=Subquery(begun.values("effective")[:1]),
        resolution=Subquery(begun.values("resolution")[:1]),
        next_effective=Subquery(coming.values("effective")[:1]),
        drafted=Subquery(open_ones.values("title")[:1]),
        count=Count("versions"),
    ).values(
        "id", "code", "title", "commodity", "effective", "resolution", "next_effective", "drafted", "count"
    )  # fmt: skip


def versions(language: str) -> QuerySet[ReleasedVersion, Any]:
    """Every version ever released, with its citation and who released it."""
    return ReleasedVersion.objects.values(
        "id", "version", "effective", "resolution", "section", "adopted", code=F("schedule__code"),
        title=F(f"schedule__title_{language}"), commodity=F("schedule__commodity"),
        released_on=F("document__released_on"), proposed_by=F("document__proposed_by__username"),
        released_by=F("document__released_by__username"),
    )  # fmt: skip


def drafts() -> QuerySet[RateDraft, Any]:
    """Every draft with its writer, its state and when it was saved last."""
    last = RateRevision.objects.filter(draft=OuterRef("pk")).order_by("-sequence")
    return RateDraft.objects.annotate(
        saved_at=Subquery(last.values("recorded_at")[:1]), revision=Subquery(last.values("sequence")[:1])
    ).values(
        "id", "code", "title", "status", "begun_on", "saved_at", "revision", author_name=F("author__username")
    )  # fmt: skip


def find_draft(draft_id: int) -> RateDraft | None:
    """One draft with its people, or nothing."""
    found = RateDraft.objects.select_related(
        "author", "approval__requested_by", "approval__decided_by", "document__released_by", "based_on"
    )
    return found.filter(pk=draft_id).first()


def draft_of_request(approval_id: int) -> int | None:
    """The draft a release request is about, or nothing."""
    return RateDraft.objects.filter(approval_id=approval_id).values_list("pk", flat=True).first()


def revisions(draft: RateDraft) -> list[RateRevision]:
    """A draft's states, the newest first."""
    return list(draft.revisions.select_related("saved_by").order_by("-sequence"))


def find_schedule(code: str) -> Schedule | None:
    """One schedule with its newest document, or nothing."""
    return Schedule.objects.select_related("document").filter(code=code).first()


def documents(schedule: Schedule) -> list[Document]:
    """Every release of a schedule, the newest first."""
    found = Document.objects.select_related("proposed_by", "released_by")
    return list(found.filter(kind="tariff", code=schedule.code).order_by("-sequence"))


def open_drafts(code: str) -> list[RateDraft]:
    """Drafts of a schedule that are neither released nor withdrawn."""
    found = RateDraft.objects.filter(Q(status="draft") | Q(status="submitted"), code=code)
    return list(found.order_by("-pk"))


def golden_of(document: Document) -> str:
    """The golden bills released with a document; nothing if it has none."""
    cases = getattr(document, "cases", None)
    return "" if cases is None else str(cases.body)
