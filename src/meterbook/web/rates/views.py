"""The rate book: every schedule, every version beside its text and citation, two versions compared, sheets to print."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.notices.rate_sheet import render_rate_list, render_rate_sheet
from meterbook.records.platform.queries import business_date
from meterbook.records.rates import draft_screens, screens
from meterbook.web.kit.access import may, page
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import RATES
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.rates.books import compared, in_force_sheets, version_context
from meterbook.web.rates.workbench.columns import SCHEDULES, VERSIONS


@page(RATES)
def rate_book(request: HttpRequest) -> HttpResponseBase:
    """Every schedule with the version in force."""
    table = Table(
        request, draft_screens.schedules(business_date(), bilingual()), SCHEDULES, order=("commodity", "code"),
        name="rate-book", title=_("Rate book"), search=("code", "title"), search_label=_("Schedule or title"), empty=_(
            "No schedule has been released yet. A tariff document is proposed by one person and released by another."
        ),
    )  # fmt: skip
    return table_page(request, "rates/book.html", table, {"may_begin": may(request, "rates.begin_draft")})


@page(RATES)
def versions(request: HttpRequest) -> HttpResponseBase:
    """Every version of every schedule."""
    table = Table(
        request, draft_screens.versions(bilingual()), VERSIONS, order=("code", "-effective"), name="rate-versions",
        title=_("Versions of rates"), empty=_("No version has been released yet."),
        search=("code", "title", "resolution"), search_label=_("Schedule, title or resolution"),
    )  # fmt: skip
    return table_page(request, "rates/versions.html", table)


@page(RATES)
def rate_list(request: HttpRequest) -> HttpResponseBase:
    """Every rate in force today on one page, for the counter."""
    sheets = in_force_sheets(business_date())
    return render(request, "rates/list.html", {"sheets": sheets, "title": _("Rates in force today")})


@page(RATES)
def rate_list_pdf(request: HttpRequest) -> HttpResponseBase:
    """The same to print."""
    made = render_rate_list(on=business_date(), language=bilingual())
    return HttpResponse(made, content_type="application/pdf")


def _sheet(code: str) -> screens.RateSheet:
    sheet = screens.rate_sheet(code, day=business_date(), language=bilingual(), translate=gettext)
    if sheet is None:
        raise Http404(code)
    return sheet


@page(RATES)
def schedule(request: HttpRequest, code: str) -> HttpResponseBase:
    """One schedule: every version, its rates, its citations."""
    sheet = _sheet(code)
    context = {"sheet": sheet, "title": sheet.title, "drafts": draft_screens.open_drafts(code)}
    return render(request, "rates/schedule.html", context | {"may_begin": may(request, "rates.begin_draft")})


@page(RATES)
def schedule_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The schedule's printed rate sheet, in the language asked for or the reader's."""
    language = request.GET.get("language", bilingual())
    if draft_screens.find_schedule(code) is None or language not in ("en", "es"):
        raise Http404(code)
    made = render_rate_sheet(code, on=business_date(), language=language)
    return HttpResponse(made, content_type="application/pdf")


@page(RATES)
def schedule_version(request: HttpRequest, code: str, version: str) -> HttpResponseBase:
    """One version as a document: what it charges beside the text and the citation it rests on."""
    return render(request, "rates/version.html", version_context(_sheet(code), version))


@page(RATES)
def compare(request: HttpRequest, code: str) -> HttpResponseBase:
    """Two versions of a schedule, number by number."""
    return render(request, "rates/compare.html", compared(_sheet(code), request.GET))
