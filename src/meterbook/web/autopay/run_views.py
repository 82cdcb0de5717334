"""Runs of drafts: the list, one with what the breaker holds, decisions, and the day's work."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.autopay import screens
from meterbook.web.adjustments.forms import Decide
from meterbook.web.autopay import doing
from meterbook.web.autopay.columns import DRAFTS, RUNS
from meterbook.web.autopay.shown import held_shown, run_context, said_why
from meterbook.web.kit.access import may, or_404, page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page


@page(MONEY)
def runs(request: HttpRequest) -> HttpResponseBase:
    """Every run of drafts."""
    table = Table(
        request, screens.runs(), RUNS, order=("-selected_on",), name="draft-runs", title=_("Draft runs"),
        empty=_("No draft was selected yet."),
    )  # fmt: skip
    return table_page(
        request, "autopay/runs.html", table, {"may_select": may(request, "autopay.select_drafts"), "here": "drafts"}
    )


@page(MONEY)
def run(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """One run: what waits for a person with its reasons, and every draft."""
    found = or_404(screens.run(run_id), run_id)
    table = Table(
        request, screens.drafts().filter(run_id=run_id), DRAFTS, order=("state", "account__number", "id"),
        name=found.number, title=found.number, empty=_("This run holds no draft."),
        search=("account__number", "account__holder__name"), search_label=_("Account or holder"), enrich=said_why,
    )  # fmt: skip
    return table_page(request, "autopay/run.html", table, run_context(request, found))


@require_POST
@page(MONEY)
def run_act(request: HttpRequest, run_id: int, verb: str) -> HttpResponseBase:
    """Ask for a run, approve or refuse it, write its file, give it up."""
    return redirect(doing.run_moved(request, or_404(screens.run(run_id), run_id), verb))


@require_POST
@page(MONEY)
def day_act(request: HttpRequest, verb: str) -> HttpResponseBase:
    """The day's work: select drafts, send prenotes, settle, send refunds."""
    return redirect(doing.day_done(request, verb))


@page(MONEY)
def decide(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """One held draft: why it waits; let it go, or refuse it."""
    found = or_404(screens.draft(draft_id), draft_id)
    about = FormPage(_("A draft that waits"), _("Let it go"), "draft_runs", template="autopay/decide.html")
    shown = {"draft": found, "reasons": held_shown(found), "may_decide": may(request, "autopay.decide_draft")}
    return form_page(
        request, Decide(sent(request)), about, lambda given: doing.draft_decided(request, found, given), shown
    )
