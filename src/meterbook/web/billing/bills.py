"""The bill page, the explanation of one line, and the printed bill."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from meterbook.notices.bill import render_bill
from meterbook.records.billing import screens
from meterbook.records.billing.bill_lines import printed
from meterbook.records.billing.explanations import NoSuchLine, explain_line
from meterbook.records.corrections import screens as corrections
from meterbook.web.adjustments.shown import adjusted_since
from meterbook.web.billing.kinds.said import beside
from meterbook.web.kit.access import may, page
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.programs.panels import bill_panel


def _bill(bill_id: int) -> Any:
    found = screens.bill(bill_id)
    if found is None:
        raise Http404(str(bill_id))
    return found


@page(SECTION)
def bill(request: HttpRequest, bill_id: int) -> HttpResponseBase:
    """One bill: what was owed, every line with its Why?, what is due."""
    found = _bill(bill_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    context = {
        "bill": found,
        "segments": printed(found, bilingual()),
        "title": gettext("Bill %(number)s") % {"number": found.number},
        **screens.neighbours(found),
        **beside(found, bilingual()),
        "since": adjusted_since(found),
        "may_adjust": found.run.status == "posted" and may(request, "adjustments.propose"),
        **bill_panel(found),
        "corrected_by": corrections.corrected_by(bill_id),
        "corrects": corrections.corrects(bill_id),
        "may_correct": may(request, "corrections.open_case") and corrections.stands(bill_id),
    }
    return render(request, "billing/bill.html", context)


@page(SECTION)
def why(request: HttpRequest, bill_id: int, segment_id: int, seq: int) -> HttpResponseBase:
    """Where one line comes from: in place, or as a page of its own."""
    found = _bill(bill_id)
    try:
        line = explain_line(bill_id, segment_id, seq, bilingual())
    except NoSuchLine:
        line = None
    whole = not getattr(request, "htmx", False)
    context = {"bill": found, "why": line, "title": line.label if line else gettext("Why?"), "seq": seq}
    return render(request, "billing/why_page.html" if whole else "billing/why.html", context)


@page(SECTION)
def bill_pdf(request: HttpRequest, bill_id: int) -> HttpResponseBase:
    """The bill as it is mailed, in the holder's language."""
    found = _bill(bill_id)
    content = render_bill(bill_id, found.account.holder.language)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="bill-{found.number}.pdf"'
    return response
