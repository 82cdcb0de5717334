"""From the calendar on record to a document, in the words of print."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.calendar.words import TITLE
from meterbook.engine.trace import Step
from meterbook.notices.billing_calendar.document import CalendarDocument, PrintedCycle, PrintedDay, PrintedPeriod
from meterbook.notices.billing_calendar.words import (
    long_day,
    month_name,
    short_day,
    translator,
    weekday,
    words,
)
from meterbook.notices.translating import Translate
from meterbook.records.billing.calendar import screens
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.rules import spanish_names
from meterbook.records.platform import queries


class NoCalendar(LookupError):
    """There is no calendar of that year, or none of that cycle."""


def calendar_document(
    year: int, *, language: str, cycle: str | None = None, proposed: bool = False
) -> CalendarDocument:
    """The year of one cycle or of all, a page each; raises `NoCalendar`."""
    found = [each for each in screens.editions(year, proposed=proposed) if cycle in (None, each.cycle.code)]
    if not found:
        raise NoCalendar(f"no calendar of {year}" + (f" for cycle {cycle}" if cycle else ""))
    w, utility = words(language), queries.utility()
    on = max(_stated_on(each) for each in found)
    return CalendarDocument(
        language=language, title=w["title"].format(year=year), utility=utility.name, department=utility.department,
        period_head=w["period"], page=w["page"], date=(on.year, on.month, on.day),
        questions=w["questions"].format(phone=utility.phone, email=utility.email, website=utility.website),
        cycles=[_cycle(each, language) for each in found],
    )  # fmt: skip


def names(language: str) -> Translate:
    """The translator of titles and holidays, the utility's own holidays among them."""
    own, translate = spanish_names() if language == "es" else {}, translator(language)
    return lambda text: own.get(text) or translate(text)


def _stated_on(edition: CalendarEdition) -> date:
    deed = edition.published_by or edition.proposed_by
    return deed.business_date


def _cycle(edition: CalendarEdition, language: str) -> PrintedCycle:
    w, year, translate = words(language), edition.year, names(language)
    rows = sorted(edition.dates.all(), key=lambda row: (row.month, row.place))
    kinds = list(dict.fromkeys(row.kind for row in sorted(rows, key=lambda row: row.place)))
    known = {(row.month, row.kind): row for row in rows}
    state = w["published" if edition.status == CalendarEdition.PUBLISHED else "proposal"]
    periods = [
        PrintedPeriod(month_name(first, language), [_day(known.get((first, kind)), year, language) for kind in kinds])
        for first in sorted({row.month for row in rows})
    ]
    by_hand = [w["by_hand"]] if any(row.set_by_id for row in rows) else []
    return PrintedCycle(
        heading=w["cycle"].format(cycle=edition.cycle.code, year=year),
        state=state.format(day=long_day(_stated_on(edition), language), number=edition.number),
        heads=[translate(TITLE[kind]) for kind in kinds],
        periods=periods,
        notes=[*by_hand, _holidays(year, language), *_policies(edition, language)],
    )


def _day(row: CalendarDate | None, year: int, language: str) -> PrintedDay | None:
    if row is None:
        return None
    return PrintedDay(weekday(row.day, language, year), short_day(row.day, language), "*" if row.set_by_id else "")


def _holidays(year: int, language: str) -> str:
    w, translate = words(language), names(language)
    found = screens.holidays(date(year, 1, 1), date(year, 12, 31))
    said = [f"{short_day(day, language)} {_holiday(name, translate)}" for day, name in found.items()]
    return w["holidays"].format(days="; ".join(said))


def _holiday(name: Step, translate: Translate) -> str:
    return name.words(translate)


def _policies(edition: CalendarEdition, language: str) -> list[str]:
    w = words(language)
    return [
        w["policy"].format(day=long_day(each.effective, language), citation=" ".join(each.citation.split()))
        for each in screens.policy_of(edition)
    ]
