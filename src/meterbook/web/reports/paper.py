"""A report on paper: heading, parameters, every row, page numbers; landscape, on Letter or A4."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from meterbook.web.kit.tables import typed
from meterbook.web.reports.table import ReportTable

#: Rows a browser still lays out in good time; what is longer is taken as a file.
MOST = 5000
PAPERS = ("letter", "a4")


def print_page(request: HttpRequest, table: ReportTable) -> HttpResponseBase:
    """The page made for paper."""
    paper = typed(request, "paper")
    chosen = paper if paper in PAPERS else PAPERS[0]
    other = request.GET.copy()
    other["paper"] = PAPERS[1 - PAPERS.index(chosen)]
    back = request.GET.copy()
    for name in ("as", "paper"):
        back.pop(name, None)
    context = {
        "table": table, "title": table.title, "paper": chosen, "other": f"?{other.urlencode()}",
        "back": f"{request.path}?{back.urlencode()}", "lines": table.every_line[:MOST],
        "left_out": max(len(table.kept) - MOST, 0),
    }  # fmt: skip
    return render(request, "reports/print.html", context)
