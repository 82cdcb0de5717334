"""What other areas, commands and exports ask of the published calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.places.models import Cycle


@dataclass(frozen=True, slots=True)
class Event:
    """A published date as a calendar program holds it; ``day`` is the last known one of a date ``cancelled`` since."""

    cycle: str
    month: date
    kind: str
    day: date
    sequence: int
    published_at: datetime
    cancelled: bool = False


def editions_that_count() -> QuerySet[CalendarEdition, CalendarEdition]:
    """The newest published edition of every cycle and year."""
    same = CalendarEdition.objects.filter(
        cycle=OuterRef("cycle"), year=OuterRef("year"), status=CalendarEdition.PUBLISHED
    )
    newest = Subquery(same.order_by("-number").values("pk")[:1])
    return CalendarEdition.objects.filter(pk=newest)


def published_dates(cycle: Cycle, bill_date: date) -> dict[str, date]:
    """The dates by kind of the published period billed on a day; empty if the calendar bills nothing then."""
    period = CalendarDate.objects.filter(
        edition__in=editions_that_count().filter(cycle=cycle), kind="bill", day=bill_date
    ).first()
    if period is None:
        return {}
    return dict(CalendarDate.objects.filter(edition=period.edition_id, month=period.month).values_list("kind", "day"))


def events(year: int, cycle: str | None = None) -> list[Event]:
    """Every published date of a year, by cycle, month and place; dates dropped by a later edition stand as cancelled.

    The year is the one the periods are read in.
    """
    editions = CalendarEdition.objects.filter(year=year, status=CalendarEdition.PUBLISHED)
    if cycle is not None:
        editions = editions.filter(cycle__code=cycle)
    rows = CalendarDate.objects.filter(edition__in=editions).select_related("edition__cycle")
    newest: dict[str, CalendarEdition] = {}
    latest: dict[tuple[str, date, str], CalendarDate] = {}
    for row in rows.order_by("edition__number"):
        code = row.edition.cycle.code
        newest[code] = row.edition
        latest[code, row.month, row.kind] = row
    ordered = sorted(latest.items(), key=lambda pair: (pair[0][0], pair[0][1], pair[1].place))
    return [_event(row, newest[code]) for (code, _, _), row in ordered]


def _event(row: CalendarDate, newest: CalendarEdition) -> Event:
    gone = row.edition_id != newest.pk
    at = newest.published_at
    assert at is not None  # a published edition has it, by constraint
    return Event(newest.cycle.code, row.month, row.kind, row.day, row.sequence + int(gone), at, gone)


_PERIODS = """
SELECT d.month, d.kind, d.day FROM billing_calendardate d
 WHERE d.edition_id IN (
       SELECT DISTINCT ON (e.cycle_id, e.year) e.id FROM billing_calendaredition e
        WHERE e.cycle_id = %s AND e.status = 'published' ORDER BY e.cycle_id, e.year, e.number DESC)
   AND d.month BETWEEN %s AND %s
 ORDER BY d.month, d.place
"""


def periods_around(cycle_id: int, first: date, last: date) -> dict[date, dict[str, date]]:
    """The published dates of a cycle's periods read between two months, by month and kind."""
    found: dict[date, dict[str, date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PERIODS, [cycle_id, first.replace(day=1), last.replace(day=1)])
        for month, kind, day in cursor.fetchall():
            found.setdefault(month, {})[kind] = day
    return found
