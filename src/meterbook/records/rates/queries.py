"""Released tariffs as the engine's values."""

from __future__ import annotations

from functools import lru_cache

from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.records.platform.models import Document
from meterbook.records.rates.models import RateDraft, RateRevision, Schedule


@lru_cache(maxsize=256)
def _parsed(document_id: int, sha256: str) -> Tariff:
    document = Document.objects.get(pk=document_id)
    return parse_tariff(document.body, file=f"{document.kind}/{document.code}/{document.sequence}")


def tariff_of(document: Document) -> Tariff:
    """The tariff in a released document, parsed once per process."""
    return _parsed(document.pk, document.sha256)


def current_tariffs() -> dict[int, Tariff]:
    """The newest released tariff of every schedule, by document id."""
    schedules = Schedule.objects.select_related("document")
    return {schedule.document_id: tariff_of(schedule.document) for schedule in schedules}


def newest_revision(draft: RateDraft) -> RateRevision:
    """A draft as it was saved last."""
    return draft.revisions.select_related("saved_by").order_by("-sequence")[0]
