"""Who is under net metering, one customer's ledger, enrolling and ending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import N_
from meterbook.records.billing.screens import bills_by_id
from meterbook.records.platform.queries import business_date
from meterbook.records.programs.net_metering import screens
from meterbook.records.programs.net_metering.operations.enrol import end_net_metering, enrol_net_metering
from meterbook.records.programs.net_metering.queries import positions
from meterbook.records.programs.net_metering.refusals import refused
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.programs.solar.forms import EndForm, EnrolForm


def _open(row: Row) -> str:
    return reverse("solar_account", args=[row["id"]])


COLUMNS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_open),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("point", _("Service point"), source="agreement__service_point__code", spare=True),
    Column("schedule", _("Rate schedule"), source="agreement__schedule__code", spare=True),
    Column("option", _("Option"), kind="words", vocabulary="net_metering_option"),
    Column("bank_e6", _("Bank, kWh"), kind="quantity", sort=False),
    Column("bank_cents", _("Bank, $"), kind="money", sort=False),
    Column("waiting_e6", _("Waiting, kWh"), kind="quantity", sort=False, spare=True),
    Column("true_up_month", _("True-up month"), kind="count", spare=True),
    Column("billed_to", _("Billed to"), kind="date", sort=False, spare=True),
    Column("unsettled", _("To be rated again"), kind="count", sort=False),
)


@page(SECTION)
def solar(request: HttpRequest) -> HttpResponseBase:
    """Everyone under net metering."""
    table = Table(
        request, screens.enrolments(), COLUMNS, order=("account__number", "id"), name="net-metering",
        title=_("Net metering"), empty=_("Nobody is under net metering yet."), enrich=screens.with_positions,
        search=("account__number", "account__holder__name", "agreement__service_point__code"),
        search_label=_("Account, name or service point"),
    )  # fmt: skip
    return table_page(
        request, "programs/solar/list.html", table, {"may_enrol": may(request, "programs.enrol_net_metering")}
    )


def _found(pk: int) -> Any:
    found = screens.enrolment(pk)
    if found is None:
        raise Http404(str(pk))
    return found


@page(SECTION)
def solar_account(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One customer's ledger: bank, entries, shares, what must be rated again."""
    found = _found(pk)
    entries, at = screens.entries(found), positions([found])[0]
    bills = bills_by_id([entry.bill_id for entry in entries if entry.bill_id])
    context = {
        "nem": found, "at": at, "shares": screens.shares(found),
        "carries": found.option not in ("net-billing", "buy-all"),
        "entries": [(entry, bills.get(entry.bill_id or 0, "")) for entry in entries],
        "unsettled": [(entry, bills.get(entry.bill_id or 0, "")) for entry in at.unsettled],
        "title": gettext("Net metering of %(name)s") % {"name": found.account.holder.name},
        "may_end": found.validity.upper is None and may(request, "programs.end_net_metering"),
    }  # fmt: skip
    return render(request, "programs/solar/account.html", context)


@page(SECTION)
def enrol(request: HttpRequest) -> HttpResponseBase:
    """Put an agreement under net metering."""
    lead = _("The tariff decides what a credit is; here you say who has one, since when, and when his year ends.")
    about = FormPage(_("Enrol in net metering"), _("Enrol"), "solar", lead)
    form = EnrolForm(sent(request), initial={"point": request.GET.get("point", ""), "starts": business_date()})

    def done(given: dict[str, Any]) -> str:
        agreement = screens.agreement_at(given["point"].strip())
        if agreement is None:
            raise refused(N_("No agreement is known at this service point."))
        made = enrol_net_metering(act(request, given["reason"]), agreement=agreement, **form.arranged())
        messages.success(request, gettext("The agreement is under net metering."))
        return reverse("solar_account", args=[made.pk])

    return form_page(request, form, about, done)


@page(SECTION)
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End an enrolment."""
    found = _found(pk)
    lead = _("Bills up to that day stand as they are. What is left in the bank is settled by the final bill.")
    about = FormPage(_("End net metering"), _("End it"), "solar", lead, dangerous=True)

    def done(given: dict[str, Any]) -> str:
        end_net_metering(act(request, given["reason"]), net_metering=found, ends=given["ends"])
        messages.success(request, gettext("Net metering has ended."))
        return reverse("solar_account", args=[pk])

    return form_page(request, EndForm(sent(request), initial={"ends": business_date()}), about, done)
