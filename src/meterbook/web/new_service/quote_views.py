"""Quotes for connections, and the set sheet the crew takes along."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.notices.installation_quote import render_quote
from meterbook.notices.set_sheet import NoSuchOrder, render_set_sheet
from meterbook.records.customers import screens as customers
from meterbook.records.new_service import screens
from meterbook.records.new_service.operations import quotes as quoting
from meterbook.records.places import screens as places
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act, may, or_404, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import FIELD
from meterbook.web.kit.tables import Table, table_page, typed
from meterbook.web.new_service import shown
from meterbook.web.new_service.columns import quote_columns
from meterbook.web.new_service.forms import QuoteForm


@page(FIELD)
def quotes(request: HttpRequest) -> HttpResponseBase:
    """Every quote."""
    table = Table(
        request, screens.quotes(), quote_columns(), order=("-number",), name="quotes", title=_("Quotes"),
        empty=_("No quote yet. Begin one on a premise or on a permit."), search=("number", "name", "address_line"),
        search_label=_("Quote, name or address"),
    )  # fmt: skip
    return table_page(request, "new_service/list.html", table, {"here": "quotes"})


@page(FIELD)
def quote(request: HttpRequest, quote_id: int) -> HttpResponseBase:
    """One quote; accepted here while it holds."""
    found = or_404(screens.quote(quote_id), quote_id)
    day = business_date()
    points = screens.open_points(found.premise_id, found.service, day)

    def done(given: dict[str, Any]) -> str:
        point = next((one for one in points if str(one.pk) == request.POST.get("point")), None)
        quoting.accept_quote(act(request, given["reason"]), quote=found, service_point=point)
        messages.success(request, gettext("Accepted: the connections are bought and the work is ordered."))
        return reverse("quote", args=[found.pk])

    about = FormPage(found.number, _("The customer accepts"), "quotes", template="new_service/quote.html")
    context = {"item": found, "lines": shown.lines_of(found), "points": points, "holds": day <= found.valid_until,
               "may_accept": may(request, "new_service.accept_quote"),
               "may_withdraw": may(request, "new_service.withdraw_quote"),
               "what": found.words_es if bilingual() == "es" else found.words_en}  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, done, context)


@page(FIELD)
def pdf(request: HttpRequest, quote_id: int) -> HttpResponseBase:
    """The quote as it is sent."""
    found = or_404(screens.quote(quote_id), quote_id)
    return _inline(render_quote(found), found.number)


@page(FIELD)
def set_sheet(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """The sheet the crew fills in where a meter is set."""
    try:
        made = render_set_sheet(order_id, bilingual(), business_date())
    except NoSuchOrder:
        return or_404(None, order_id)
    return _inline(made, f"set-sheet-{order_id}")


def _inline(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@page(FIELD)
def withdraw(request: HttpRequest, quote_id: int) -> HttpResponseBase:
    """Take a quote back."""
    found = or_404(screens.quote(quote_id), quote_id)

    def done(given: dict[str, Any]) -> str:
        quoting.withdraw_quote(act(request, given["reason"]), quote=found)
        return reverse("quote", args=[found.pk])

    about = FormPage(_("Withdraw the quote"), _("Withdraw"), "quotes", lead=f"{found.number} {found.name}")
    return form_page(request, ReasonForm(sent(request)), about, done)


@page(FIELD)
def begin(request: HttpRequest, premise_id: int) -> HttpResponseBase:
    """Work a quote out for a premise: first the kind, then what is measured."""
    premise = or_404(places.premise(premise_id), premise_id)
    kinds = screens.kinds_on(business_date())
    kind = kinds.get(typed(request, "kind"))
    if kind is None:
        context = {"kinds": shown.kinds(business_date()), "premise": premise, "title": _("New quote"),
                   "permit": typed(request, "permit"), "account": typed(request, "account")}  # fmt: skip
        return render(request, "new_service/kinds.html", context)
    permit = screens.permit_numbered(typed(request, "permit"))
    account = customers.account(typed(request, "account"))
    form = QuoteForm(sent(request), kind=kind, initial=_initial(premise, permit, account))

    def done(given: dict[str, Any]) -> str:
        made = quoting.issue_quote(
            act(request), premise=premise, work=form.work(), to=form.to_whom(account), permit=permit
        )
        return reverse("quote", args=[made.pk])

    about = FormPage(kind.words[bilingual()], _("Work it out and issue it"), "quotes", lead=premise.address)
    return form_page(request, form, about, done)


def _initial(premise: Any, permit: Any, account: Any) -> dict[str, Any]:
    """Whom a quote is for, as far as it is known."""
    if account is not None:
        holder = account.holder
        return {"name": holder.name, "mail": "\n".join(account.mail_lines), "language": holder.language}
    name = permit.applicant if permit else premise.parcel.owner_name
    place = f"{premise.city}, {premise.state} {premise.postal_code}"
    return {"name": name, "mail": f"{premise.address}\n{place}", "language": bilingual()}
