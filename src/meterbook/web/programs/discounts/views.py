"""Discounts and the medical baseline: everybody, who is due, one enrolment, enrolling."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.discounts import screens
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.access import may, page
from meterbook.web.kit.cells import Column
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import pin
from meterbook.web.kit.sections import ACCOUNTS
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.programs.discounts import shown
from meterbook.web.programs.discounts.forms import Checklist

COLUMNS = (
    Column("words", _("Program"), source="program", filter="text",
           href=lambda row: reverse("discount", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("For"), source="person__name", filter="text"),
    Column("state", _("Status"), kind="status", vocabulary="discount_state", sort=False),
    Column("since", _("From"), kind="date", source="validity__startswith"),
    Column("until", _("Until"), kind="date", source="validity__endswith"),
    Column("by", _("Enrolled by"), source="deed__actor__username", filter="text", spare=True),
)  # fmt: skip
_SEARCH = ("account__number", "person__name")


def _found(enrolment_id: int) -> Any:
    found = screens.find(enrolment_id)
    if found is None:
        raise Http404(str(enrolment_id))
    return found


@page(ACCOUNTS)
def enrolments(request: HttpRequest) -> HttpResponseBase:
    """Everybody who is or was enrolled."""
    table = Table(
        request, screens.enrolments(), COLUMNS, order=("-id",), name="discounts", title=_("Discounts"),
        empty=_("Nobody is enrolled yet. Open an account and choose “Discounts and medical baseline”."),
        search=_SEARCH, search_label=_("Account or name"), enrich=shown.in_rows,
    )  # fmt: skip
    return table_page(request, "programs/discounts/list.html", table, {"here": "all"})


@page(ACCOUNTS)
def renewals(request: HttpRequest) -> HttpResponseBase:
    """Who must show documents again soon, or should have."""
    table = Table(
        request, screens.to_renew(business_date()), COLUMNS, order=("until", "id"), name="discount-renewals",
        title=_("Recertification"), empty=_("Nobody has to recertify soon."), search=_SEARCH,
        search_label=_("Account or name"), enrich=shown.in_rows,
    )  # fmt: skip
    return table_page(request, "programs/discounts/list.html", table, {"here": "renewals"})


@page(ACCOUNTS)
def enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponseBase:
    """One enrolment: what was shown, what the tariffs were told, until when."""
    found = _found(enrolment_id)
    context = {**shown.told([found])[0], "may_change": may(request, "programs.end_discount")}
    return render(request, "programs/discounts/one.html", {**context, "title": context["words"]})


@page(ACCOUNTS)
def renew(request: HttpRequest, enrolment_id: int) -> HttpResponseBase:
    """Recertify."""
    found = _found(enrolment_id)
    program = next((one for one in screens.programs_on(business_date(), shown.services(found))
                    if one.code == found.program), None)  # fmt: skip
    if program is None:
        raise Http404(found.program)
    form = Checklist(sent(request), program=program)
    about = FormPage(_("Recertify"), _("Renew"), "discounts", lead=_("It holds on for another full term."))
    return form_page(request, form, about, lambda _given: shown.renewed(request, found, form))


@page(ACCOUNTS)
def end(request: HttpRequest, enrolment_id: int) -> HttpResponseBase:
    """End an enrolment."""
    found = _found(enrolment_id)
    about = FormPage(_("End the enrolment"), _("End it"), "discounts", dangerous=True, lead=_(
        "Tariffs and protections no longer know of it from today on."))  # fmt: skip
    return form_page(request, ReasonForm(sent(request)), about, lambda given: shown.ended(request, found, given))


@page(ACCOUNTS)
def enrol(request: HttpRequest, number: str) -> HttpResponseBase:
    """The programs for an account, each with its checklist."""
    found = account_numbered(number)
    if found is None:
        raise Http404(number)
    pin(request, number=found.number, name=found.holder.name)
    return shown.enrol_page(request, found)
