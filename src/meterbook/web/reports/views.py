"""The list of reports, and any one of them: on the screen, as a file, on paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook import reports as known
from meterbook.web.kit.access import page
from meterbook.web.kit.sections import REPORTS
from meterbook.web.kit.tables import table_page
from meterbook.web.reports.asking import made
from meterbook.web.reports.listing import by_area
from meterbook.web.reports.paper import print_page


@page(REPORTS)
def reports(request: HttpRequest) -> HttpResponseBase:
    """Every report by area, with what it says."""
    return render(request, "reports/list.html", {"title": _("Reports"), "areas": by_area()})


@page(REPORTS)
def report(request: HttpRequest, name: str) -> HttpResponseBase:
    """One report as it is asked for."""
    if name not in known.names():
        raise Http404(name)
    table, fields = made(request, known.report(name))
    if request.GET.get("as") == "print":
        return print_page(request, table)
    return table_page(request, "reports/report.html", table, {"report": known.report(name), "fields": fields})
