"""Agencies: what each is owed, one statement with its bookings, handing over, and files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.notices.agency_statement import render_statement
from meterbook.records.agencies import screens
from meterbook.records.agencies.operations.exchange_files import IN, export_file
from meterbook.records.agencies.operations.remit import decide_remittance, propose_remittance
from meterbook.records.platform.queries import business_date
from meterbook.web.agencies.shown import found_statement, lines_csv, listed, statement_context, taken
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Column
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page

REMITTANCES = (
    Column("agency", _("Agency"), kind="code", filter="text",
           href=lambda row: reverse("remittance", args=[row["id"]])),
    Column("starts", _("From"), kind="date"),
    Column("accrued_cents", _("In the period, $"), kind="money", spare=True),
    Column("settled_cents", _("Due, $"), kind="money"),
    Column("fee_cents", _("Fee kept, $"), kind="money", spare=True, total=True),
    Column("paid_cents", _("Paid, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="adjustment_state", filter="choice",
           choices=("proposed", "booked", "refused")),
    Column("asker", _("Asked by"), source="proposed_by__actor__username", spare=True),
    Column("decider", _("Decided by"), source="decided_by__actor__username", spare=True),
)  # fmt: skip


class Decide(forms.Form):
    """What the second person says."""

    reason = forms.CharField(label=_("Remark"), required=False, max_length=500)


class TakeFile(forms.Form):
    """A file an agency sent."""

    format = forms.ChoiceField(label=_("File format"), choices=[(one, one) for one in IN])
    file = forms.FileField(label=_("File"), max_length=200)


@page(SECTION)
def agencies(request: HttpRequest) -> HttpResponseBase:
    """Every agency with what is due."""
    return render(request, "agencies/agencies.html", {"title": _("Money owed to others"), "rows": listed()})


@page(SECTION)
def newest(request: HttpRequest, code: str) -> HttpResponseBase:
    """The last period that is over."""
    today = business_date()
    known = {one.code: one for one in screens.agencies(today)}
    if code not in known:
        raise Http404(code)
    return redirect("agency_statement", code, known[code].period_before(today)[0].isoformat())


@page(SECTION)
def statement(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """One statement."""
    context = statement_context(request, found_statement(code, day))
    return render(request, "agencies/statement.html", {"title": context["name"], **context})


@page(SECTION)
def statement_pdf(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """The statement as it is mailed with the payment."""
    found = found_statement(code, day)
    response = HttpResponse(render_statement(found, bilingual(), business_date()), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code}-{found.starts}.pdf"'
    return response


@page(SECTION)
def lines(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """Every booking behind a statement: a page, or as CSV."""
    found = found_statement(code, day)
    if request.GET.get("as") == "csv":
        response = HttpResponse(lines_csv(found), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{code}-{found.starts}-lines.csv"'
        return response
    shown = screens.drilled(found.accruals)
    context = {"rows": shown[:1000], "count": len(shown), "title": gettext("What stands behind it")}
    return render(request, "agencies/lines.html", {**statement_context(request, found), **context})


@require_POST
@page(SECTION)
def remit(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """Ask a second person to hand over what is due."""
    found = found_statement(code, day)
    made = propose_remittance(act(request, f"{code} {found.starts}"), agency=code, day=found.starts)
    messages.success(request, gettext("A second person has been asked."))
    return redirect("remittance", made.pk)


@page(SECTION)
def remittances(request: HttpRequest) -> HttpResponseBase:
    """Everything handed over, or asked for."""
    table = Table(
        request, screens.remittances(), REMITTANCES, order=("-id",), name="remittances", title=_("Handed over"),
        empty=_("Nothing has been handed over yet. Open an agency's statement and ask for it."),
    )  # fmt: skip
    return table_page(request, "kit/table_page.html", table)


@page(SECTION)
def remittance(request: HttpRequest, remittance_id: int) -> HttpResponseBase:
    """One remittance, decided here by a second person."""
    found = screens.find_remittance(remittance_id)
    if found is None:
        raise Http404(str(remittance_id))
    mine = found.proposed_by.actor_id == request.user.pk
    may_decide = found.state == "proposed" and not mine and may(request, "agencies.decide_remittance")
    about = FormPage(_("Remittance"), _("Approve"), "remittances", template="agencies/remittance.html")

    def done(given: dict[str, Any]) -> str:
        approve = request.POST.get("decision") == "approve"
        decide_remittance(act(request, given["reason"]), remittance=found, approve=approve)
        return reverse("remittance", args=[remittance_id])

    context = {"item": found, "mine": mine, "may_decide": may_decide, "fee_off": -found.fee_cents}
    return form_page(request, Decide(sent(request)), about, done, {**context, "starts": found.starts.isoformat()})


@require_POST
@page(SECTION)
def export(request: HttpRequest, code: str, day: str, format: str) -> HttpResponseBase:
    """Write and keep a file for the agency, and hand it out."""
    made = export_file(act(request, f"file for {code}"), agency=code, format=format, day=date.fromisoformat(day))
    return redirect("agency_file", made.pk)


@page(SECTION)
def take(request: HttpRequest, code: str, day: str) -> HttpResponseBase:
    """Take a file from the agency and say what differs."""
    found = found_statement(code, day)
    form = TakeFile(sent(request), request.FILES or None)
    about = FormPage(gettext("Take a file"), _("Take it"), "agencies")

    return form_page(request, form, about, lambda given: taken(request, found, given))


@page(SECTION)
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """A file as it was handed over or taken."""
    found = screens.file_content(file_id)
    if found is None:
        raise Http404(str(file_id))
    response = HttpResponse(bytes(found.content), content_type="text/csv; charset=utf-8")
    name = "".join(each for each in found.file_name if each.isalnum() or each in "-_. ")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
