"""Statistics of readers and routes: what stands out, in words, with its threshold; sorted and as CSV."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from meterbook.web.kit.access import page
from meterbook.web.kit.sections import FIELD
from meterbook.web.metering.readers.looking import as_csv, context


@page(FIELD)
def reader_statistics(request: HttpRequest) -> HttpResponseBase:
    """What stands out among reads by people."""
    shown = context(request)
    if request.GET.get("as") == "csv":
        return as_csv(shown)
    return render(request, "metering/readers/page.html", shown)
