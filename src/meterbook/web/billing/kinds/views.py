"""Off-cycle bills, final bills, summaries for a payer, and deposits."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.notices.summary import render_summary
from meterbook.records.billing.kinds import screens
from meterbook.records.billing.kinds.operations.final_bills import final_bills
from meterbook.records.billing.kinds.operations.plan_off_cycle import plan_off_cycle
from meterbook.records.ledger.deposits.screens import deposits as deposit_rows
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.kinds import deeds, forms
from meterbook.web.billing.kinds.columns import DEPOSITS, GROUPS
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page


def _group(code: str) -> Any:
    found = screens.group(code)
    if found is None:
        raise Http404(code)
    return found


def _summary(summary_id: int) -> Any:
    found = screens.summary(summary_id)
    if found is None:
        raise Http404(str(summary_id))
    return found


@page(SECTION)
def finals(request: HttpRequest) -> HttpResponseBase:
    """Bill what customers who left were last served with, and ask for approval, in one step."""
    form = forms.Finals(sent(request), initial={"accounts": request.GET.get("account", "")})
    about = FormPage(title=_("Final bills"), button=_("Make final bills"), back="runs", lead=_(
        "Every service that ended is billed to its last day, with the deposits held. A supervisor is asked to approve "
        "them; nothing is posted yet. Services that go on stay with their cycle."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        run = final_bills(act(request, given["reason"]), accounts=given["accounts"])
        return reverse("run", args=[run.pk])

    return form_page(request, form, about, done, {"crumb": "runs"})


@page(SECTION)
def off_cycle(request: HttpRequest) -> HttpResponseBase:
    """Plan bills of some accounts beside their cycle."""
    today = business_date()
    form = forms.OffCycle(sent(request), initial={"bill_date": today, "read_to": today, "service_to": today})
    about = FormPage(title=_("Plan off-cycle bills"), button=_("Plan run"), back="runs", lead=_(
        "The accounts named are billed beside their cycle. Planning fixes the dates; nothing is calculated yet."
    ))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        return reverse("run", args=[plan_off_cycle(act(request, given["title"]), **given).pk])

    return form_page(request, form, about, done, {"crumb": "runs"})


def _with_payer(rows: list[Row]) -> None:
    for row in rows:
        row["payer"] = row["person"] or f"{row['account_number']} {row['account_holder']}"


@page(SECTION)
def groups(request: HttpRequest) -> HttpResponseBase:
    """Payers of several accounts."""
    table = Table(
        request, screens.groups(business_date()), GROUPS, order=("code",), name="summary-groups",
        title=_("Summary bills"), empty=_("Nobody gets one bill for several accounts yet."), enrich=_with_payer,
        search=("code", "name"), search_label=_("Group"),
    )  # fmt: skip
    return table_page(request, "billing/kinds/groups.html", table, {"may_open": may(request, "billing.join_summary")})


@page(SECTION)
def group(request: HttpRequest, code: str) -> HttpResponseBase:
    """One group: who pays, whose bills it sums up, what waits, what was issued."""
    found, today = _group(code), business_date()
    waiting = screens.waiting_bills(found, today)
    context = {
        "group": found, "title": found.name, "payer": screens.payer(found, today), "members": screens.members(found),
        "waiting": waiting, "issued": screens.summaries(found), "may_issue": may(request, "billing.issue_summary"),
    }  # fmt: skip
    return render(request, "billing/kinds/group.html", context)


@page(SECTION)
def open_group(request: HttpRequest) -> HttpResponseBase:
    """Open a group with its members."""
    form = forms.NewGroup(sent(request), initial={"starts": business_date()})
    about = FormPage(title=_("One bill for several accounts"), button=_("Open group"), back="summary_groups", lead=_(
        "Each account keeps its own bill and its own balance. The payer gets one summary of all of them."))  # fmt: skip
    return form_page(request, form, about, lambda given: deeds.opened(request, given), {"crumb": "groups"})


@page(SECTION)
def group_act(request: HttpRequest, code: str, action: str) -> HttpResponseBase:
    """Let accounts join or leave a group, or issue its summary."""
    found, deed = _group(code), deeds.DEEDS[action]
    form = deed.form(sent(request), initial={"starts": business_date(), "bill_date": business_date()})
    about = FormPage(deed.title, deed.button, "summary_groups", deed.lead)
    return form_page(request, form, about, lambda given: deed.do(request, found, given), {"group": found})


@page(SECTION)
def summary(request: HttpRequest, summary_id: int) -> HttpResponseBase:
    """One summary as issued, with every bill on it."""
    found = _summary(summary_id)
    context = {
        "summary": found, "title": gettext("Summary %(number)s") % {"number": found.number},
        "payer": screens.payer(found.group, found.bill_date), "bills": screens.listed(found),
        "before": found.due_cents - found.current_cents,
    }  # fmt: skip
    return render(request, "billing/kinds/summary.html", context)


@page(SECTION)
def summary_pdf(request: HttpRequest, summary_id: int) -> HttpResponseBase:
    """The summary as it is mailed, in the payer's language."""
    found = _summary(summary_id)
    response = HttpResponse(render_summary(summary_id), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="summary-{found.number}.pdf"'
    return response


@page(MONEY)
def deposits(request: HttpRequest) -> HttpResponseBase:
    """Deposits held for customers."""
    table = Table(
        request, deposit_rows(), DEPOSITS, order=("-received_on", "-id"), name="deposits", title=_("Deposits"),
        empty=_("No deposit is held."), search=("account__number", "account__holder__name"),
        search_label=_("Account or holder"),
    )  # fmt: skip
    context: dict[str, object] = {"may_record": may(request, "ledger.record_deposit")}
    return table_page(request, "billing/kinds/deposits.html", table, context)


@page(MONEY)
def record(request: HttpRequest) -> HttpResponseBase:
    """Take a deposit in."""
    initial = {"received_on": business_date(), "account": request.GET.get("account", "")}
    about = FormPage(title=_("Record a deposit"), button=_("Record deposit"), back="deposits", lead=_(
        "The money is held for the customer. It settles nothing until a final bill, or a person, applies it."
    ))  # fmt: skip
    return form_page(
        request, forms.NewDeposit(sent(request), initial=initial), about, lambda given: deeds.recorded(request, given)
    )
