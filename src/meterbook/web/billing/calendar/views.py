"""The billing calendar: a year by cycle and period, a month, one date with Why and another day, and what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from meterbook.notices.billing_calendar import NoCalendar, calendar_feed, render_calendar
from meterbook.records.billing.calendar import screens
from meterbook.records.billing.operations import edit_calendar
from meterbook.records.billing.operations.compute_calendar import compute_year
from meterbook.records.billing.operations.publish_calendar import fingerprint, publish_year, withdraw_year
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.calendar.forms import ComputeYear, PublishYear, SetDate
from meterbook.web.billing.calendar.grid import year_table
from meterbook.web.billing.calendar.pages import date_context, month_context, sensible, year_context
from meterbook.web.billing.calendar.said import refused_in_words
from meterbook.web.billing.forms import NoQuestion
from meterbook.web.kit.access import act, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import table_page, typed


def _date(date_id: int) -> Any:
    found = screens.find(date_id)
    if found is None:
        raise Http404(str(date_id))
    return found


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@page(SECTION)
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The year of the business date."""
    return _year(request, business_date().year, proposed=False)


@page(SECTION)
def calendar_year(request: HttpRequest, year: int) -> HttpResponseBase:
    """A published year."""
    return _year(request, sensible(year), proposed=False)


@page(SECTION)
def calendar_proposal(request: HttpRequest, year: int) -> HttpResponseBase:
    """A proposed year, beside what it changes."""
    return _year(request, sensible(year), proposed=True)


def _year(request: HttpRequest, year: int, *, proposed: bool) -> HttpResponseBase:
    table = year_table(request, year, proposed=proposed)
    return table_page(request, "billing/calendar/year.html", table, year_context(request, year, proposed=proposed))


@page(SECTION)
def calendar_month(request: HttpRequest, year: int, month: int) -> HttpResponseBase:
    """A published month, day by day."""
    return render(request, "billing/calendar/month.html", month_context(request, year, month))


@page(SECTION)
def calendar_date(request: HttpRequest, date_id: int) -> HttpResponseBase:
    """Why a date is what it is: in place, or as a page of its own."""
    whole = not getattr(request, "htmx", False)
    template = "billing/calendar/date.html" if whole else "billing/calendar/why.html"
    return render(request, template, date_context(request, _date(date_id)))


@page(SECTION)
def calendar_set(request: HttpRequest, date_id: int) -> HttpResponseBase:
    """Set a date to another day."""
    row = _date(date_id)
    about = FormPage(_("Set another day"), _("Set this day"), "calendar", template="billing/calendar/set.html")

    def done(given: dict[str, Any]) -> str:
        reason = given.pop("reason")
        with refused_in_words():
            edit_calendar(act(request, reason), cycle=row.edition.cycle, year=row.edition.year, month=row.month,
                          kind=row.kind, **given)  # fmt: skip
        messages.success(request, said("The day is set in the proposal. It counts when the proposal is published."))
        return reverse("calendar_proposal", args=[row.edition.year])

    return form_page(request, SetDate(sent(request), initial={"day": row.day}), about, done, date_context(request, row))


@page(SECTION)
def calendar_compute(request: HttpRequest) -> HttpResponseBase:
    """Propose a year by the policy in force."""
    asked = typed(request, "year")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else business_date().year + 1
    about = FormPage(_("Compute a year"), _("Compute"), "calendar", _(
        "The dates are worked out from the billing-calendar policy and proposed. Nothing counts until you publish."
    ))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        with refused_in_words():
            compute_year(act(request), **given)
        return reverse("calendar_proposal", args=[given["year"]])

    return form_page(request, ComputeYear(sent(request), initial={"year": year}), about, done)


@page(SECTION)
def calendar_publish(request: HttpRequest, year: int) -> HttpResponseBase:
    """Publish every proposal of a year, after the page has said what changes."""
    about = FormPage(_("Publish these dates"), _("Publish"), "calendar", _(
        "From then on bill runs, exports and subscribers take these dates. A published date never changes; a later "
        "edition takes its place."), template="billing/calendar/act.html")  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        with refused_in_words():
            publish_year(act(request), year=year, **given)
        messages.success(request, said("The calendar of %(year)s is published.") % {"year": year})
        return reverse("calendar_year", args=[year])

    context = {**year_context(request, year, proposed=True), "moved": len(screens.changed(year))}
    form = PublishYear(sent(request), initial={"seen": fingerprint(year)})
    return form_page(request, form, about, done, context)


@page(SECTION)
def calendar_withdraw(request: HttpRequest, year: int) -> HttpResponseBase:
    """Take the proposals of a year back."""
    about = FormPage(_("Take the proposal back"), _("Take back"), "calendar", _(
        "The proposed dates and everything set by hand in them are put away. What is published stays."),
        dangerous=True, template="billing/calendar/act.html")  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        withdraw_year(act(request), year=year)
        return reverse("calendar_year", args=[year])

    context = {**year_context(request, year, proposed=True), "moved": len(screens.changed(year))}
    return form_page(request, NoQuestion(sent(request)), about, done, context)


@page(SECTION)
def calendar_pdf(request: HttpRequest, year: int) -> HttpResponseBase:
    """The year to print: of one cycle or of all, in the language asked for or the reader's."""
    language = typed(request, "language") if typed(request, "language") in ("en", "es") else bilingual()
    proposed = typed(request, "edition") == "proposal"
    try:
        content = render_calendar(year, language=language, cycle=typed(request, "cycle") or None, proposed=proposed)
    except NoCalendar as nothing:
        raise Http404(str(nothing)) from nothing
    return _file(content, "application/pdf", f"calendar-{year}-{language}.pdf")


@page(SECTION)
def calendar_ics(request: HttpRequest, year: int) -> HttpResponseBase:
    """The published year as iCalendar: of one cycle or of all."""
    cycle = typed(request, "cycle") or None
    try:
        content = calendar_feed(year, language=bilingual(), cycle=cycle)
    except NoCalendar as nothing:
        raise Http404(str(nothing)) from nothing
    return _file(content, "text/calendar; charset=utf-8", f"calendar-{year}-{cycle or 'all'}.ics")
