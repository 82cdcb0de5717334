"""Returned payments, one of them with its letter and fee, tenders refused."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from meterbook.notices.returned_payment import render_letter
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.returns import screens
from meterbook.web.kit.access import or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS, MONEY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.returns import acts
from meterbook.web.returns.acts import may_decide
from meterbook.web.returns.columns import BANS, RETURNED
from meterbook.web.returns.forms import AskWaiver, Ban, DecideWaiver, GiveBack


@page(MONEY)
def returned(request: HttpRequest) -> HttpResponseBase:
    """Every payment that came back."""
    table = Table(
        request, screens.returned_payments(), RETURNED, order=("-reversal__reversed_on", "-id"), name="returned",
        title=_("Returned payments"), empty=_("No payment came back yet."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "returns/list.html", table)


@page(MONEY)
def one(request: HttpRequest, returned_id: int) -> HttpResponseBase:
    """One returned payment: what it was, what followed; its waiver is decided here."""
    found = or_404(screens.find(returned_id), returned_id)
    pin(request, number=found.account.number, name=found.account.holder.name)
    asked = screens.waiting(found)
    context = {"item": found, "asked": asked, "bans": found.bans.order_by("scope"), **may_decide(request, asked)}
    about = FormPage(_("Returned payment"), _("Approve"), "returned_payments", template="returns/one.html")
    form = DecideWaiver(sent(request))
    return form_page(request, form, about, lambda given: acts.waiver_decided(request, found, asked, given), context)


@page(MONEY)
def waive(request: HttpRequest, returned_id: int) -> HttpResponseBase:
    """Ask a second person to take the fee off."""
    found = or_404(screens.find(returned_id), returned_id)
    about = FormPage(_("Take the fee off"), _("Ask"), "returned_payments", lead=_(
        "A second person decides; nothing is booked before."))  # fmt: skip
    form = AskWaiver(sent(request), reasons=screens.waiver_reasons(business_date()))
    return form_page(request, form, about, lambda given: acts.waiver_asked(request, found, given))


@page(MONEY)
def letter(request: HttpRequest, returned_id: int) -> HttpResponse:
    """The letter to the customer."""
    found = or_404(screens.find(returned_id), returned_id)
    response = HttpResponse(render_letter(found.pk), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="returned-{found.account.number}-{found.pk}.pdf"'
    return response


@page(MONEY)
def give_back(request: HttpRequest, payment_id: int) -> HttpResponseBase:
    """A payment came back: from the bank's advice."""
    found = or_404(screens.find_payment(payment_id), payment_id)
    about = FormPage(_("This payment came back"), _("Take it back"), "returned_payments", dangerous=True, lead=_(
        "What it had settled is owed again from its own due date; fee and bans follow from the policy."))  # fmt: skip
    return form_page(request, GiveBack(sent(request)), about, lambda given: acts.given_back(request, found, given))


@page(MONEY)
def bans(request: HttpRequest) -> HttpResponseBase:
    """Every tender refused."""
    table = Table(
        request, screens.bans(), BANS, order=("-validity", "-id"), name="tender-bans", title=_("Refused tenders"),
        empty=_("Every account may pay as it likes."), search=("account__number", "account__holder__name"),
        search_label=_("Account or holder"),
    )  # fmt: skip
    return table_page(request, "returns/bans.html", table)


@page(MONEY)
def lift(request: HttpRequest, ban_id: int) -> HttpResponseBase:
    """Allow a tender again."""
    found = or_404(screens.find_ban(ban_id), ban_id)
    about = FormPage(_("Allow this tender again"), _("Allow"), "tender_bans")
    return form_page(request, ReasonForm(sent(request)), about, lambda given: acts.lifted(request, found, given))


@page(ACCOUNTS)
def ban(request: HttpRequest, number: str) -> HttpResponseBase:
    """Refuse a tender by hand."""
    found = or_404(account_numbered(number), number)
    pin(request, number=found.number, name=found.holder.name)
    about = FormPage(_("Refuse a tender"), _("Refuse"), "tender_bans", dangerous=True)
    return form_page(request, Ban(sent(request)), about, lambda given: acts.banned(request, found, given))
