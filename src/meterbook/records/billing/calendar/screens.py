"""What the calendar's pages show: a year by cycle and period, a month by day, one date with its derivation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet

from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.billing.calendar.rules import KINDS
from meterbook.engine.billing.calendar.words import unpacked
from meterbook.engine.trace import Step
from meterbook.records.billing.calendar import store
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.queries import editions_that_count
from meterbook.records.billing.calendar.rules import versions
from meterbook.records.billing.calendar.settled import settled
from meterbook.records.places.models import Cycle
from meterbook.records.platform.models import Document


@dataclass(frozen=True, slots=True)
class KeptMinimum:
    """A minimum a date keeps: ``found`` days since another date, where the law asks ``days``."""

    days: int
    count: str
    after: str
    since: date
    found: int
    citation: str


@dataclass(frozen=True, slots=True)
class Why:
    """One date and everything behind it; ``stays`` says why it can no longer be set, ``taken`` that a run has it."""

    row: CalendarDate
    steps: list[Step]
    kept: list[KeptMinimum]
    stays: Step | None
    taken: bool


def shown_editions(year: int, *, proposed: bool) -> QuerySet[CalendarEdition, CalendarEdition]:
    """The editions a year's page shows: what counts, or what is proposed."""
    if proposed:
        return CalendarEdition.objects.filter(year=year, status=CalendarEdition.PROPOSED)
    return editions_that_count().filter(year=year)


def editions(year: int, *, proposed: bool) -> list[CalendarEdition]:
    """The same with cycle and deeds, by cycle."""
    found = shown_editions(year, proposed=proposed)
    return list(found.select_related("cycle", "published_by__actor", "proposed_by__actor").order_by("cycle__code"))


def years() -> list[int]:
    """Every year with a calendar that counts or is proposed, oldest first."""
    found = CalendarEdition.objects.exclude(status=CalendarEdition.WITHDRAWN)
    return sorted(set(found.values_list("year", flat=True)))


def proposed_years() -> list[int]:
    """Years with a proposal."""
    found = CalendarEdition.objects.filter(status=CalendarEdition.PROPOSED)
    return sorted(set(found.values_list("year", flat=True)))


def kinds(year: int, *, proposed: bool) -> list[str]:
    """The kinds of dates a year has, in their order; where cycles differ, by the first place of each."""
    rows = CalendarDate.objects.filter(edition__in=shown_editions(year, proposed=proposed))
    places = rows.values_list("kind").annotate(at=Min("place")).order_by("at")
    return [kind for kind, _ in places]


def year_rows(year: int, *, proposed: bool) -> QuerySet[CalendarDate, Any]:
    """A row per cycle and period with the day of each kind under its name."""
    days = {kind: Max("day", filter=Q(kind=kind)) for kind in KINDS}
    rows = CalendarDate.objects.filter(edition__in=shown_editions(year, proposed=proposed))
    return rows.values("edition_id", "month", cycle_code=F("edition__cycle__code")).annotate(**days)


def dates_of(edition_ids: list[int]) -> dict[tuple[int, date, str], CalendarDate]:
    """The dates of editions by edition, month and kind."""
    rows = CalendarDate.objects.filter(edition_id__in=edition_ids)
    return {(row.edition_id, row.month, row.kind): row for row in rows}


def changed(year: int) -> dict[tuple[str, date, str], date]:
    """What a proposal changes: the published day of every date that the proposal moves, by cycle, month and kind."""
    before = CalendarDate.objects.filter(edition__in=shown_editions(year, proposed=False))
    after = CalendarDate.objects.filter(edition__in=shown_editions(year, proposed=True))
    known = {(code, month, kind): day for code, month, kind, day in _plain(before)}
    return {(code, month, kind): known[code, month, kind] for code, month, kind, day in _plain(after)
            if known.get((code, month, kind), day) != day}  # fmt: skip


def _plain(rows: QuerySet[CalendarDate, CalendarDate]) -> QuerySet[CalendarDate, Any]:
    return rows.values_list("edition__cycle__code", "month", "kind", "day")


def between(first: date, last: date, cycle: str = "") -> list[CalendarDate]:
    """Every published date from a day to another, by day, cycle and place."""
    rows = CalendarDate.objects.filter(edition__in=editions_that_count(), day__range=(first, last))
    if cycle:
        rows = rows.filter(edition__cycle__code=cycle)
    return list(rows.select_related("edition__cycle").order_by("day", "edition__cycle__code", "place"))


def holidays(first: date, last: date) -> dict[date, Step]:
    """The holidays kept between two days, by the policy in force on the first; none without a policy."""
    rules = [each for each, _ in versions() if each.effective <= first]
    if not rules:
        return {}
    days = Days(rules[-1])
    found = (date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1))
    return {day: name for day in found if (name := days.holiday(day))}


def cycle_codes() -> list[str]:
    """The codes of all cycles."""
    return list(Cycle.objects.order_by("code").values_list("code", flat=True))


def find(date_id: int) -> CalendarDate | None:
    """One date, or nothing."""
    found = CalendarDate.objects.select_related("edition__cycle", "document", "set_by__actor")
    return found.filter(pk=date_id).first()


def steps_of(row: CalendarDate) -> list[Step]:
    """The sentences of a date's derivation."""
    return [unpacked(step) for step in row.steps]


def why(row: CalendarDate, today: date) -> Why:
    """A date with its derivation, its minimums, and whether it can still be set."""
    cycle = row.edition.cycle
    counts = store.published(cycle, row.edition.year)
    standing = settled(cycle, store.rows_of(counts), today)
    kept = [KeptMinimum(**{**each, "since": date.fromisoformat(each["since"])}) for each in row.kept]
    stays = standing.get((row.month, row.kind))
    taken = stays is not None and "run" in stays.values
    return Why(row, steps_of(row), kept, stays, taken)


def policy_of(edition: CalendarEdition) -> list[Document]:
    """The versions of the policy an edition follows, oldest first."""
    found = Document.objects.filter(pk__in=edition.dates.values("document"))
    return list(found.order_by("effective", "sequence"))
