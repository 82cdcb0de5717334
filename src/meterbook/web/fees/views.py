"""Fees, service requests and development charges: lists, one of each, the forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import Step
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.fees import screens
from meterbook.records.fees.operations.charge import waiting
from meterbook.records.platform.queries import business_date
from meterbook.web.fees import acts
from meterbook.web.fees.columns import DEVELOPMENTS, FEES, REQUESTS
from meterbook.web.fees.forms import AskDevelopment, AskService, Charge, Say
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page


def _account(request: HttpRequest, number: str) -> Any:
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    return found


def _in_words(rows: list[Row]) -> None:
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]


@page(MONEY)
def fees(request: HttpRequest) -> HttpResponseBase:
    """Every fee charged or asked for."""
    table = Table(
        request, screens.charges(), FEES, order=("-id",), name="fees", title=_("Fees"),
        empty=_("No fee yet. Open an account and choose “Charge a fee”."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"), enrich=_in_words,
    )  # fmt: skip
    return table_page(request, "fees/list.html", table, {"here": "fees"})


@page(MONEY)
def one(request: HttpRequest, charge_id: int) -> HttpResponseBase:
    """One fee; a request about it is decided here."""
    found = or_404(screens.find_charge(charge_id), charge_id)
    asked = waiting(found)
    words = found.words_es if bilingual() == "es" else found.words_en
    context = {"item": found, "asked": asked, "words": words, **acts.may_decide(request, asked)}
    about = FormPage(words, _("Approve"), "service_charges", template="fees/one.html")
    form = Say(sent(request))
    return form_page(request, form, about, lambda given: acts.decided(request, found, asked, given), context)


@page(MONEY)
def cancel(request: HttpRequest, charge_id: int) -> HttpResponseBase:
    """Cancel a booked fee."""
    found = or_404(screens.find_charge(charge_id), charge_id)
    about = FormPage(_("Cancel this fee"), _("Cancel the fee"), "service_charges", dangerous=True, lead=_(
        "The same amount is credited; both stay. Above your limit a second person decides."))  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.cancelled(request, found, given))


@page(MONEY)
def requests(request: HttpRequest) -> HttpResponseBase:
    """Every service request: what waits for its fee, what was sent."""
    table = Table(
        request, screens.requests(), REQUESTS, order=("-id",), name="service-requests", title=_("Service requests"),
        empty=_("Nobody asked for anything yet."), search=("charge__account__number",),
        search_label=_("Account"), enrich=_in_words,
    )  # fmt: skip
    return table_page(request, "fees/list.html", table, {"here": "requests"})


@page(MONEY)
def send(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Send somebody, once the fee is paid."""
    found = or_404(screens.find_request(request_id), request_id)
    left = screens.requests().filter(pk=request_id)[0]["open_cents"]
    about = FormPage(_("Send somebody"), _("Send"), "service_requests", template="fees/send.html")
    context = {"item": found, "left": left}
    return form_page(request, Say(sent(request)), about, lambda given: acts.sent_out(request, found, given), context)


@page(MONEY)
def call_off(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """The customer does not want it any more."""
    found = or_404(screens.find_request(request_id), request_id)
    about = FormPage(_("Cancel this request"), _("Cancel the request"), "service_requests", dangerous=True)
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.called_off(request, found, given))


@page(MONEY)
def developments(request: HttpRequest) -> HttpResponseBase:
    """Every system development charge."""
    table = Table(
        request, screens.developments(), DEVELOPMENTS, order=("-id",), name="development-charges",
        title=_("Development charges"), empty=_("No connection has been charged yet."),
        search=("account__number", "address"), search_label=_("Account or address"),
    )  # fmt: skip
    return table_page(request, "fees/list.html", table, {"here": "development"})


@page(MONEY)
def development(request: HttpRequest, development_id: int) -> HttpResponseBase:
    """One development charge: how it was found, its parts; decided here by a second person."""
    found = or_404(screens.find_development(development_id), development_id)
    asked = found.approval if found.state == "asked" else None
    context = {"item": found, "asked": asked, "parts": found.instalments.select_related("charge").order_by("number"),
               "steps": [Step(one["message"], one["values"]).words(gettext) for one in found.steps],
               **acts.may_decide(request, asked)}  # fmt: skip
    about = FormPage(_("System development charge"), _("Approve"), "development_charges",
                     template="fees/development.html")  # fmt: skip
    form = Say(sent(request))
    return form_page(request, form, about, lambda given: acts.development_decided(request, found, given), context)


@page(ACCOUNTS)
def charge(request: HttpRequest, number: str) -> HttpResponseBase:
    """Charge a fee of the catalogue."""
    found = _account(request, number)
    about = FormPage(_("Charge a fee"), _("Charge or ask"), "service_charges", lead=_(
        "Within your own limit it is booked at once; above it a second person decides."))  # fmt: skip
    form = Charge(sent(request), account=found, day=business_date())
    return form_page(request, form, about, lambda given: acts.charged(request, found, given))


@page(ACCOUNTS)
def ask_service(request: HttpRequest, number: str) -> HttpResponseBase:
    """Ask for somebody to come, for a fee that is paid first."""
    found, day = _account(request, number), business_date()
    about = FormPage(_("Ask for service"), _("Charge the fee"), "service_requests", lead=_(
        "The fee is charged now. Nobody is sent before it is paid."))  # fmt: skip
    points = screens.points_of(found, day)
    form = AskService(sent(request), account=found, day=day)
    return form_page(request, form, about, lambda given: acts.service_asked(request, found, points, given))


@page(ACCOUNTS)
def ask_development(request: HttpRequest, number: str) -> HttpResponseBase:
    """Compute a system development charge and ask a second person."""
    found, day = _account(request, number), business_date()
    about = FormPage(_("System development charge"), _("Compute and ask"), "development_charges")
    premises = screens.premises_of(found)
    form = AskDevelopment(sent(request), account=found, day=day)
    return form_page(request, form, about, lambda given: acts.development_asked(request, found, premises, given))
