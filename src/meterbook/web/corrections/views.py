"""Corrections: the list, a new case, one case with its diff, the acts on it, what was billed on other usage."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.corrections import screens
from meterbook.records.corrections.choosing import FIRST
from meterbook.records.corrections.worklist import billed_otherwise
from meterbook.records.platform.queries import business_date
from meterbook.web.corrections import pages
from meterbook.web.corrections.acts import ACTS
from meterbook.web.corrections.columns import CASES, ITEMS
from meterbook.web.corrections.forms import NewCase
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page


def _case(case_id: int) -> Any:
    found = screens.case_with_id(case_id)
    if found is None:
        raise Http404(str(case_id))
    return found


@page(SECTION)
def cases(request: HttpRequest) -> HttpResponseBase:
    """Every correction case, newest first."""
    table = Table(
        request, screens.case_rows(), CASES, order=("-id",), name="correction-cases", title=_("Corrections"),
        empty=_("No correction case yet. Open one from a bill, an account or a bill run."),
        search=("number", "items__account__number"), search_label=_("Case or account"), enrich=pages.with_causes,
    )  # fmt: skip
    return table_page(request, "corrections/list.html", table, {"may_open": may(request, "corrections.open_case")})


@page(SECTION)
def new(request: HttpRequest) -> HttpResponseBase:
    """Open a case about what the address names."""
    initial = {"discovered_on": business_date(), "rebill": "yes", "cause": request.GET.get("cause", "")}
    form = NewCase(sent(request), request.FILES or None, initial=initial)
    about = FormPage(_("Open a correction case"), _("Open case"), "correction_cases", template="corrections/new.html")

    def done(given: dict[str, Any]) -> str:
        return reverse("correction", args=[pages.opened_from(request, given).pk])

    return form_page(request, form, about, done, {"where": pages.asked_for(request)})


@page(SECTION)
def case(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """One case: what it is about, what it changes line by line, and what may be done with it."""
    return render(request, "corrections/case.html", pages.case_context(request, _case(case_id)))


@page(SECTION)
def case_items(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """Every segment of a case, as a table to search and to take along."""
    found = _case(case_id)
    table = Table(
        request, screens.item_rows(case_id), ITEMS, order=("account__number", "starts", "id"),
        name=f"correction-{found.number}", title=gettext("Segments of %(number)s") % {"number": found.number},
        empty=_("The case is about nothing."), search=("account__number", "account__holder__name", "bill__number"),
        search_label=_("Account, holder or bill"),
    )  # fmt: skip
    return table_page(request, "corrections/items.html", table, {"case": found})


@page(SECTION)
def case_act(request: HttpRequest, case_id: int, action: str) -> HttpResponseBase:
    """Do one of the acts on a case, after the page has said what it does."""
    found, deed = _case(case_id), ACTS[action]
    more: dict[str, Any] = {"case_id": case_id} if action == "usage" else {}
    form = deed.form(sent(request), request.FILES or None, **more)
    about = FormPage(deed.title, deed.button, "correction_cases", deed.lead, deed.dangerous, "corrections/act.html")

    def done(given: dict[str, Any]) -> str:
        deed.do(act(request, given.get("reason", "")), found, form)
        messages.success(request, str(deed.done))
        return reverse("correction", args=[case_id])

    return form_page(request, form, about, done, {"case": found, "totals": screens.totals(found)})


@page(SECTION)
def other_usage(request: HttpRequest) -> HttpResponseBase:
    """Posted segments billed on other usage than is in force: ticked ones become a case."""
    rows = billed_otherwise(FIRST)
    context = {
        "title": gettext("Billed on other usage"), "rows": rows, "open": [row for row in rows if not row.case],
        "may_open": may(request, "corrections.open_case"),
    }  # fmt: skip
    return render(request, "corrections/usage.html", context)
