"""What stands on the calendar's pages around the dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from meterbook.engine.billing.calendar.words import AFTER, days_said
from meterbook.records.billing.calendar import screens
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.calendar.said import (
    month_name,
    month_year,
    sentence,
    title,
    translator,
    weekday,
    weekday_day,
)
from meterbook.web.kit.access import may
from meterbook.web.kit.figures import day
from meterbook.web.kit.tables import typed

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Square:
    """A day of the month view: its dates by cycle, its holiday, whether it belongs to the month and is today."""

    day: date
    inside: bool
    today: bool
    holiday: str
    dates: list[tuple[str, str, str]]


def sensible(year: int) -> int:
    """The year asked for, if calendars have it."""
    if not 1990 <= year <= 9000:
        raise Http404(str(year))
    return year


def year_context(request: HttpRequest, year: int, *, proposed: bool) -> dict[str, object]:
    """The year page: its editions, the way to the years beside it, and what the signed-in person may do."""
    today = business_date()
    editions = screens.editions(year, proposed=proposed)
    waiting = bool(screens.editions(year, proposed=True))
    return {
        "year": year, "proposed": proposed, "waiting": waiting,
        "editions": editions, "said_editions": _said_editions(editions),
        "before": year - 1, "after": year + 1, "month_now": today.month if year == today.year else 1,
        "cycle": typed(request, "f-cycle_code"),
        "may_compute": may(request, "billing.compute_calendar"),
        "may_publish": waiting and may(request, "billing.publish_calendar"),
        "title": _("Billing calendar %(year)s") % {"year": year},
    }  # fmt: skip


def _said_editions(editions: list[Any]) -> list[tuple[str, str]]:
    """Editions in words, cycles that share an edition's facts together: ("C1, C2", "edition 1, published …")."""
    found: dict[str, list[str]] = {}
    for each in editions:
        deed = each.published_by or each.proposed_by
        facts = {"number": each.number, "on": day(deed.business_date), "who": deed.actor}
        words = (
            _("edition %(number)s, published %(on)s by %(who)s") if each.published_by
            else _("edition %(number)s, proposed %(on)s by %(who)s")
        )  # fmt: skip
        found.setdefault(words % facts, []).append(each.cycle.code)
    return [(", ".join(codes), words) for words, codes in found.items()]


def month_context(request: HttpRequest, year: int, month: int) -> dict[str, object]:
    """The month page: weeks of days with their dates, of one cycle or of all."""
    if not 1 <= month <= 12:
        raise Http404(str(month))
    first = date(sensible(year), month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - _DAY
    begins, ends = first - timedelta(days=(first.weekday() + 1) % 7), last + timedelta(days=(5 - last.weekday()) % 7)
    codes = screens.cycle_codes()
    cycle = typed(request, "cycle")
    weeks = _weeks(first, begins, ends, cycle if cycle in codes else "")
    return {
        "year": year, "month": month, "weeks": weeks, "cycle": cycle, "cycles": codes,
        "title": month_year(first), "heads": [weekday(begins + _DAY * at) for at in range(7)],
        "before": first - _DAY, "after": last + _DAY, "before_name": month_name(first - _DAY),
        "after_name": month_name(last + _DAY), "any": any(square.dates for week in weeks for square in week),
    }  # fmt: skip


def _weeks(first: date, begins: date, ends: date, cycle: str) -> list[list[Square]]:
    today, translate = business_date(), translator()
    names = screens.holidays(begins, ends)
    dates: dict[date, list[tuple[str, str, str]]] = {}
    for row in screens.between(begins, ends, cycle):
        link = reverse("calendar_date", args=[row.pk])
        dates.setdefault(row.day, []).append((row.edition.cycle.code, title(row.kind), link))
    days = [begins + _DAY * at for at in range((ends - begins).days + 1)]
    squares = [
        Square(day, day.month == first.month, day == today, sentence(names[day], translate) if day in names else "",
               dates.get(day, []))
        for day in days
    ]  # fmt: skip
    return [squares[at : at + 7] for at in range(0, len(squares), 7)]


def date_context(request: HttpRequest, row: Any) -> dict[str, object]:
    """One date with its reasons."""
    found, translate = screens.why(row, business_date()), translator()
    kept = [
        (_("%(found)s %(where)s (%(day)s); at least %(least)s") % {
            "found": sentence(days_said(each.found, each.count), translate), "where": translate(AFTER[each.after]),
            "day": weekday_day(each.since), "least": sentence(days_said(each.days, each.count), translate)},
         each.citation)
        for each in found.kept
    ]  # fmt: skip
    proposed = row.edition.status == "proposed"
    settable = found.stays is None and may(request, "billing.edit_calendar")
    return {
        "row": row, "sentences": [sentence(step, translate) for step in found.steps], "kept": kept,
        "stays": sentence(found.stays, translate) if found.stays else "",
        "day_said": weekday_day(row.day), "rule_day_said": weekday_day(row.rule_day),
        "kind_title": title(row.kind), "period": month_year(row.month), "cycle": row.edition.cycle.code,
        "title": _("%(kind)s, cycle %(cycle)s, %(period)s") % {
            "kind": title(row.kind), "cycle": row.edition.cycle.code, "period": month_year(row.month)},
        "may_set": settable and row.edition.status != "withdrawn", "proposed": proposed, "year": row.edition.year,
        "plannable": row.kind == "bill" and not proposed and not found.taken and row.day <= business_date()
        and may(request, "billing.plan_run"),
    }  # fmt: skip
