"""Why a bill is not the one before: in place on the bill's page, as a page of its own, and on paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from meterbook.notices.bill_change import NothingBefore, render_change
from meterbook.records.billing import screens
from meterbook.records.billing.change import Against
from meterbook.web.billing.change.shown import shown
from meterbook.web.kit.access import page
from meterbook.web.kit.sections import BILLS as SECTION


def _bill(bill_id: int, against: str) -> tuple[Any, Against]:
    found = screens.bill(bill_id)
    if found is None or against not in ("last", "year"):
        raise Http404(str(bill_id))
    return found, "last" if against == "last" else "year"


@page(SECTION)
def bill_change(request: HttpRequest, bill_id: int, against: str) -> HttpResponseBase:
    """The parts of the difference, dearest first, each with the line it is on."""
    found, which = _bill(bill_id, against)
    whole = not getattr(request, "htmx", False)
    context = {"bill": found, "against": which, **shown(found, which)}
    return render(request, "billing/change/page.html" if whole else "billing/change/panel.html", context)


@page(SECTION)
def bill_change_pdf(request: HttpRequest, bill_id: int, against: str) -> HttpResponseBase:
    """The same on one page, in the holder's language unless another is asked for."""
    found, which = _bill(bill_id, against)
    language = request.GET.get("language", "")
    try:
        content = render_change(bill_id, which, language if language in ("en", "es") else None)
    except NothingBefore as error:
        raise Http404(str(error)) from error
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="change-{found.number}.pdf"'
    return response
