"""Instruments on screen: the list with what runs out soon, one with its proof, taking in, renewing, drawing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.security import screens
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.security import acts, forms
from meterbook.web.security.columns import INSTRUMENTS
from meterbook.web.security.views import found_account

CHANGES = {
    "renew": (forms.Renew, FormPage(_("Renew the instrument"), _("Renew"), "instruments")),
    "draw": (forms.Draw, FormPage(_("Draw on the instrument"), _("Ask a second person"), "instruments", lead=_(
        "The issuer is asked for money the customer owes and did not pay. It comes in as a payment."))),
    "release": (ReasonForm, FormPage(_("Give the instrument back"), _("Give it back"), "instruments", lead=_(
        "Today is its last day."), dangerous=True)),
}  # fmt: skip


@page(MONEY)
def instruments(request: HttpRequest) -> HttpResponseBase:
    """Every instrument, those that end soonest first."""
    table = Table(
        request, screens.instruments(), INSTRUMENTS, order=("until", "id"), name="instruments",
        title=_("Instruments"), empty=_("No instrument is on record. Open an account and take one in."),
        search=("account__number", "account__holder__name", "issuer"), search_label=_("Account, holder or issuer"),
    )  # fmt: skip
    return table_page(request, "security/list.html", table, {"tab": "instruments"})


@page(MONEY)
def instrument(request: HttpRequest, instrument_id: int) -> HttpResponseBase:
    """One instrument."""
    found = screens.instrument(instrument_id, business_date())
    if found is None:
        raise Http404(str(instrument_id))
    context = {**found, "one": found["instrument"], "title": _("Instrument"), "may_draw": may(
        request, "security.request_draw"), "may_renew": may(request, "security.renew_instrument"),
        "may_release": may(request, "security.release_instrument")}  # fmt: skip
    return render(request, "security/instrument.html", context)


@page(MONEY)
def change(request: HttpRequest, instrument_id: int, act: str) -> HttpResponseBase:
    """Renew one, give it back, or ask to draw on it."""
    if act not in CHANGES or screens.instrument_numbered(instrument_id) is None:
        raise Http404(f"{instrument_id} {act}")
    kind, about = CHANGES[act]
    files = request.FILES or None
    done = lambda given: acts.changed(request, instrument_id, act, given)  # noqa: E731
    return form_page(request, kind(sent(request), files), about, done)


@page(ACCOUNTS)
def add(request: HttpRequest, number: str) -> HttpResponseBase:
    """Take an instrument in."""
    found = found_account(request, number)
    form = forms.NewInstrument(sent(request), request.FILES or None, initial={"starts": business_date()})
    about = FormPage(_("Take an instrument in"), _("Take it in"), "instruments")
    return form_page(request, form, about, lambda given: acts.added(request, found, given))


@page(MONEY)
def file(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A file kept with an instrument."""
    found = screens.attachment(attachment_id)
    if found is None:
        raise Http404(str(attachment_id))
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    name = "".join(each for each in found.file_name if each.isalnum() or each in "-_. ")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
