"""The rate book: every schedule, and one schedule with all its versions, to read and to print."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.rates import screens
from meterbook.web.kit.access import page
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import RATES


@page(RATES)
def rate_book(request: HttpRequest) -> HttpResponseBase:
    """Every schedule with the version in force."""
    schedules = screens.schedules(business_date(), bilingual())
    return render(request, "rates/book.html", {"schedules": schedules, "title": _("Rate book")})


@page(RATES)
def schedule(request: HttpRequest, code: str) -> HttpResponseBase:
    """One schedule: every version, its rates, its citations."""
    sheet = screens.rate_sheet(code, day=business_date(), language=bilingual(), translate=gettext)
    if sheet is None:
        raise Http404(code)
    return render(request, "rates/schedule.html", {"sheet": sheet, "title": sheet.title})
