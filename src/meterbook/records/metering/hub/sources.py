"""Sources of reads, what was received from each, and which source a file belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from meterbook.records.metering.models import IntervalLoad, Read, ReadSource, ReceivedFile

UPLOAD, FOLDER, MAILBOX = "upload", "folder", "mailbox"
VIAS = (UPLOAD, FOLDER, MAILBOX)


class NoSource(LookupError):
    """No source of that name is on record."""


def source_named(name: str) -> ReadSource:
    """A source by name; raises `NoSource`."""
    found = ReadSource.objects.filter(name=name).first()
    if found is None:
        raise NoSource(f"no source {name!r}; known: {', '.join(s.name for s in active_sources()) or 'none'}")
    return found


def find_source(source_id: int) -> ReadSource | None:
    """A source by id, or nothing."""
    return ReadSource.objects.filter(pk=source_id).first()


def active_sources(via: str = "") -> list[ReadSource]:
    """Sources in use, by name; only those that send ``via`` one way, if asked."""
    found = ReadSource.objects.filter(active=True).order_by("name")
    return list(found.filter(via=via) if via else found)


def source_of(file_name: str, sources: Iterable[ReadSource]) -> ReadSource | None:
    """The source whose pattern a file name fits, in either case; the most particular pattern wins, then the name.

    An empty pattern takes everything.
    """
    fits = [each for each in sources if fnmatch(file_name.lower(), each.pattern.lower() or "*")]
    return min(fits, key=lambda each: (each.pattern in ("", "*"), -len(each.pattern), each.name), default=None)


def received_before(source: ReadSource, file_name: str, sha256: str) -> ReceivedFile | None:
    """The newest record of these bytes under this name from this source."""
    found = ReceivedFile.objects.select_related("batch").filter(source=source, file_name=file_name, sha256=sha256)
    return found.order_by("-id").first()


def sources_with_statistics() -> QuerySet[ReadSource, Any]:
    """Every source with what came from it; rows are those of files taken, each file once."""
    taken = Q(files__batch__isnull=False)
    return ReadSource.objects.values("id", "name", "format", "via", "location", "pattern", "active").annotate(
        files_taken=Count("files", filter=taken),
        files_refused=Count("files", filter=~taken & Q(files__isnull=False)),
        last_on=Max("files__deed__business_date"),
        rows=Coalesce(Sum("files__batch__rows"), 0),
        loaded=Coalesce(Sum("files__batch__loaded"), 0),
        rejected=Coalesce(Sum("files__batch__rejected"), 0),
    )


def queued_by_source(sources: Iterable[int]) -> dict[int, int]:
    """How many reads that came from each source went to the exception queue, decided since or not."""
    rows = (
        Read.objects.filter(batch__received__source_id__in=list(sources), exceptions__isnull=False, origin=Read.FILE)
        .values_list("batch__received__source_id")
        .annotate(count=Count("id", distinct=True))
    )
    return dict(rows)


def received_files(source_id: int | None = None) -> QuerySet[ReceivedFile, Any]:
    """Files received, of one source or all, with what became of each."""
    found = ReceivedFile.objects.all() if source_id is None else ReceivedFile.objects.filter(source_id=source_id)
    return found.values(
        "id", "file_name", "batch_id", "refusal", "received_at", source_name=F("source__name"),
        on=F("deed__business_date"), rows=F("batch__rows"), loaded=F("batch__loaded"), rejected=F("batch__rejected"),
    )  # fmt: skip


def outcome_of(batch_id: int) -> dict[str, int]:
    """What a file brought beside its rows: reads waiting in the exception queue, intervals."""
    waiting = Read.objects.filter(batch_id=batch_id, status=Read.QUEUED, superseded=False).count()
    asked = Read.objects.filter(batch_id=batch_id, exceptions__isnull=False).distinct().count()
    intervals = IntervalLoad.objects.filter(batch_id=batch_id).aggregate(rows=Coalesce(Sum("rows"), 0))["rows"]
    return {"waiting": waiting, "asked": asked, "intervals": intervals}
