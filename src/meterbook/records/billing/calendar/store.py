"""Writing editions: rows from worked-out periods, copies of published ones, and what of an older one must stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.billing.calendar import Breach, CycleDay, Period, Rules, breaches, year_calendar
from meterbook.engine.billing.calendar.derive import Derived
from meterbook.engine.billing.calendar.words import packed
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.rules import versions_for
from meterbook.records.places.models import Cycle
from meterbook.records.platform.models import Deed, Document

Key = tuple[date, str]


class BreaksRule(ValueError):
    """A date set by hand breaks a rule; ``step`` names it, with the law behind it."""

    def __init__(self, breach: Breach) -> None:
        self.breach, self.step = breach, breach.step
        super().__init__(breach.step.words(str))


class NothingPublished(LookupError):
    """The cycle has no calendar for the year or the day asked for."""

    def __init__(self, cycle: str, year: int) -> None:
        self.step = Step(
            N_("Cycle {cycle} has no calendar for {year}. Compute it first."), {"cycle": cycle, "year": f"{year}"}
        )
        super().__init__(f"cycle {cycle} has no calendar for {year}")


@dataclass(frozen=True, slots=True)
class Worked:
    """A year worked out: its periods and the document each follows."""

    periods: tuple[Period, ...]
    documents: dict[date, Document]


def lock(cycle: Cycle) -> None:
    """One hand at a time on a cycle's calendar, until the transaction ends."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)


def proposal(cycle: Cycle, year: int) -> CalendarEdition | None:
    """The proposed edition of a cycle and year, if there is one."""
    return CalendarEdition.objects.filter(cycle=cycle, year=year, status=CalendarEdition.PROPOSED).first()


def published(cycle: Cycle, year: int) -> CalendarEdition | None:
    """The edition that counts: the newest published one."""
    found = CalendarEdition.objects.filter(cycle=cycle, year=year, status=CalendarEdition.PUBLISHED)
    return found.order_by("-number").first()


def rows_of(edition: CalendarEdition | None) -> dict[Key, CalendarDate]:
    """An edition's dates by month and kind; none of no edition."""
    rows = edition.dates.all() if edition is not None else []
    return {(row.month, row.kind): row for row in rows}


def worked_out(cycle: Cycle, year: int, fixed: Mapping[Key, date]) -> Worked:
    """A cycle's year by the policy. Raises `NoPolicy`, `NoSuchDay`."""
    pairs = versions_for(year)
    rules = [each for each, _ in pairs]
    periods = year_calendar(rules, CycleDay(cycle.code, cycle.read_day), year, fixed=fixed)
    found = {period.month: _document(pairs, period.rules) for period in periods}
    return Worked(periods, found)


def _document(pairs: list[tuple[Rules, Document]], rules: Rules) -> Document:
    return next(document for each, document in pairs if each is rules)


def guard(rules: Rules, dates: Mapping[str, date], kinds: Iterable[str]) -> None:
    """Refuse dates that break a rule which concerns one of ``kinds``. Raises `BreaksRule`."""
    concerned = set(kinds)
    for breach in breaches(rules, dates):
        if {breach.kind, breach.other} & concerned:
            raise BreaksRule(breach)


def begin(deed: Deed, cycle: Cycle, year: int) -> CalendarEdition:
    """A new, empty proposal with the next number."""
    last = CalendarEdition.objects.filter(cycle=cycle, year=year).order_by("-number").first()
    number = last.number + 1 if last is not None else 1
    return CalendarEdition.objects.create(cycle=cycle, year=year, number=number, proposed_by=deed)


def row(
    edition: CalendarEdition, month: date, place: int, derived: Derived, rule_day: date, document: Document
) -> CalendarDate:
    """A worked-out date as a row, not saved."""
    kept = [
        {"days": kept.minimum.days, "count": kept.minimum.count, "after": kept.minimum.after,
         "citation": kept.minimum.citation, "found": kept.days, "since": f"{kept.since}"}
        for kept in derived.kept
    ]  # fmt: skip
    return CalendarDate(
        edition=edition, month=month, kind=derived.kind, place=place, day=derived.day, rule_day=rule_day,
        steps=[packed(step) for step in derived.steps], kept=kept, document=document,
    )  # fmt: skip


def copied(into: CalendarEdition, rows: Iterable[CalendarDate]) -> None:
    """The same dates in another edition."""
    fields = ("month", "kind", "place", "day", "rule_day", "steps", "kept", "document_id", "set_by_id", "sequence")
    made: list[dict[str, Any]] = [{name: getattr(each, name) for name in fields} for each in rows]
    CalendarDate.objects.bulk_create(CalendarDate(edition=into, **values) for values in made)
