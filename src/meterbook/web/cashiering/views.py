"""The cashier's screen and receipts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meterbook.notices.receipt import render_receipt
from meterbook.records.cashiering import screens
from meterbook.records.cashiering.queries import NoReceipt, receipt_with_id
from meterbook.records.platform.queries import business_date
from meterbook.web.cashiering import sending, window
from meterbook.web.cashiering.columns import RECEIPTS
from meterbook.web.cashiering.forms import EmailForm
from meterbook.web.cashiering.typed import fresh, typed
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page


@page(MONEY)
def counter(request: HttpRequest) -> HttpResponseBase:
    """A fresh slip at the cashier's window; with the account the address names, if it names one."""
    slip = fresh(business_date())
    slip.entry = request.GET.get("entry", "").replace("\0", "")
    return window.add(request, slip) if slip.entry else window.window(request, slip)


@page(MONEY)
@require_POST
def slip(request: HttpRequest) -> HttpResponseBase:
    """The slip with what was just entered."""
    return window.add(request, typed(request.POST, business_date()))


@page(MONEY)
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    """The money is taken."""
    return window.take(request, typed(request.POST, business_date()))


@page(MONEY)
def receipts(request: HttpRequest) -> HttpResponseBase:
    """Every receipt."""
    table = Table(
        request, screens.receipts(), RECEIPTS, order=("-id",), name="receipts", title=_("Receipts"),
        empty=_("No receipt yet."),
    )  # fmt: skip
    return table_page(request, "cashiering/list.html", table, {"here": "receipts"})


@page(MONEY)
def receipt(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """One receipt: lines, tenders, whether it stands, and what can be done with it."""
    try:
        found = receipt_with_id(receipt_id)
    except NoReceipt as none:
        raise Http404(str(none)) from none
    context = {
        "slip": screens.slip_of(found), "title": _("Receipt"), "email": EmailForm(),
        "may_void": may(request, "cashiering.take_receipt") and found.drawer.state == "open",
    }  # fmt: skip
    return render(request, "cashiering/receipt.html", context)


@page(MONEY)
def void(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """A supervisor voids a receipt beside the cashier."""
    try:
        return window.void(request, receipt_id)
    except NoReceipt as none:
        raise Http404(str(none)) from none


@page(MONEY)
def receipt_pdf(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """A receipt to print: a roll of 80 mm, or a letter page."""
    try:
        pdf = render_receipt(receipt_id, paper="letter" if request.GET.get("paper") == "letter" else "roll")
    except NoReceipt as none:
        raise Http404(str(none)) from none
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})


@page(MONEY)
@require_POST
def receipt_email(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """A receipt by e-mail, as a PDF."""
    form = EmailForm(request.POST)
    if form.is_valid():
        sending.send(act(request), receipt_id, form.cleaned_data["email"])
        messages.success(request, _("The receipt was sent."))
    else:
        messages.error(request, _("Nothing was sent: that is no e-mail address."))
    return redirect("receipt", receipt_id)
