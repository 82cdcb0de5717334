"""Bill runs: the list, one run with its progress, its bills, holds and unbilled points, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing import screens
from meterbook.records.billing.operations import plan_run
from meterbook.records.billing.stages.due import due_runs
from meterbook.records.billing.stages.pace import pace
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.acts import ACTS
from meterbook.web.billing.columns import BILLS, HOLDS, POINTS, RUNS
from meterbook.web.billing.forms import PlanRun
from meterbook.web.billing.panel.figures import file_again, mail_file
from meterbook.web.billing.stages import run_context
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.cells import Row
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.kit.words import OUTCOME


def _run(run_id: int) -> Any:
    found = screens.run(run_id)
    if found is None:
        raise Http404(str(run_id))
    return found


def _with_held(rows: list[Row]) -> None:
    held = screens.hold_counts([row["id"] for row in rows])
    for row in rows:
        row["held"] = held.get(row["id"], 0)


def _with_age(rows: list[Row]) -> None:
    today = business_date()
    for row in rows:
        row["age"] = screens.days_held(row["since"], today)
        if row["reason"] == "other_service_held":
            row["detail"] = ""


@page(SECTION)
def runs(request: HttpRequest) -> HttpResponseBase:
    """Every bill run."""
    table = Table(
        request, screens.runs(), RUNS, order=("-bill_date", "-id"), name="bill-runs", title=_("Bill runs"),
        empty=_("No bill run yet. Plan the first one for a cycle whose reads are in."),
        search=("number",), search_label=_("Run"), enrich=_with_held,
    )  # fmt: skip
    return table_page(
        request,
        "billing/runs.html",
        table,
        {"may_plan": may(request, "billing.plan_run"), "due": due_runs(business_date())},
    )


@page(SECTION)
def plan(request: HttpRequest) -> HttpResponseBase:
    """Plan a run."""
    form = PlanRun(sent(request), initial={"bill_date": business_date(), **request.GET.dict()})
    about = FormPage(title=_("Plan a bill run"), button=_("Plan run"), back="runs", lead=_(
        "Planning fixes the cycle, the dates and the accounts. Nothing is calculated yet."))  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        return reverse("run", args=[plan_run(act(request), **given).pk])

    return form_page(request, form, about, done, {"crumb": "runs"})


@page(SECTION)
def run(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """One run: where it stands, what it made, what it left out."""
    return render(request, "billing/run.html", run_context(request, _run(run_id)))


@page(SECTION)
def run_progress(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """How far a calculation is; polled by the run page, which is loaded anew when it has ended."""
    found = _run(run_id)
    stands = pace(found)
    shown = {"run": found, "progress": screens.progress(run_id), "pace": stands}
    response = render(request, "billing/progress.html", shown)
    if stands.state in ("idle", "paused") or (stands.stuck and "stuck" not in request.GET):
        response.headers["HX-Refresh"] = "true"
    return response


@page(SECTION)
def run_act(request: HttpRequest, run_id: int, action: str) -> HttpResponseBase:
    """Do one of the acts on a run, after the page has said what it does."""
    found, deed = _run(run_id), ACTS[action]
    about = FormPage(deed.title, deed.button, "run", deed.lead, dangerous=deed.dangerous, template="billing/act.html")

    def done(given: dict[str, Any]) -> str:
        deed.do(act(request, given.get("reason", "")), found, given)
        messages.success(request, str(deed.done))
        return reverse("run", args=[run_id])

    return form_page(request, deed.form(sent(request)), about, done, run_context(request, found))


@page(SECTION)
def run_mail_file(request: HttpRequest, run_id: int, handoff_id: int) -> HttpResponseBase:
    """One file of a run's mail, as it was handed off."""
    file = mail_file(_run(run_id), handoff_id)
    if file is None:
        raise Http404(str(handoff_id))
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)


@page(SECTION)
def run_mail_again(request: HttpRequest, run_id: int, piece: int) -> HttpResponseBase:
    """The file that was printed again from a piece on."""
    file = file_again(_run(run_id), piece)
    if file is None:
        raise Http404(str(piece))
    return FileResponse(file.open("rb"), as_attachment=True, filename=file.name)


@page(SECTION)
def run_bills(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The bills of a run."""
    found = _run(run_id)
    table = Table(
        request, screens.bills_of_run(run_id), BILLS, order=("account__number", "id"), name=f"bills-{run_id}",
        title=_("Bills"), empty=_("This run has made no bill yet."),
        search=("number", "account__holder__name"), search_label=_("Bill number or holder"),
    )  # fmt: skip
    return table_page(request, "billing/run_table.html", table, {"run": found})


@page(SECTION)
def run_holds(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The service points a run keeps out, with reason, owner and age."""
    found = _run(run_id)
    table = Table(
        request, screens.holds(run_id), HOLDS, order=("since", "id"), name=f"holds-{run_id}", title=_("Bill holds"),
        empty=_("This run holds nothing."), enrich=_with_age,
    )  # fmt: skip
    return table_page(request, "billing/run_table.html", table, {"run": found})


@page(SECTION)
def run_points(request: HttpRequest, run_id: int, outcome: str) -> HttpResponseBase:
    """The service points of one term of the completeness equation."""
    if outcome not in OUTCOME:
        raise Http404(outcome)
    found = _run(run_id)
    table = Table(
        request, screens.unaccounted(run_id, outcome), POINTS, order=("service_point__code",),
        name=f"{outcome}-{run_id}", title=OUTCOME[outcome], empty=_("No service point stands here."),
    )  # fmt: skip
    return table_page(request, "billing/run_table.html", table, {"run": found})
