"""The pre-bill register of a run, acts on its accounts, and acts on held ones."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from meterbook.records.billing import screens as billing
from meterbook.records.billing.register import screens
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.register.acts import act_page, acts, ticked
from meterbook.web.billing.register.figures import totals_shown
from meterbook.web.billing.register.listing import filters, hold_filters, holds_table, register_table
from meterbook.web.billing.register.said import title_of
from meterbook.web.kit.access import page
from meterbook.web.kit.sections import BILLS as SECTION
from meterbook.web.kit.tables import table_page, typed


def _run(run_id: int) -> Any:
    found = billing.run(run_id)
    if found is None or found.status not in ("calculated", "posted"):
        raise Http404(str(run_id))
    return found


@page(SECTION)
def run_register(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """Totals against last cycle and last year, and what stands out, dearest first."""
    found = _run(run_id)
    counts = [(row["test"], title_of(row["test"]), row["count"], row["holding"]) for row in screens.mark_counts(run_id)]
    context = {
        "run": found, "filters": filters(request), "counts": counts,
        "acts": acts(request, again=found.status == "calculated", run_id=run_id),
        **({} if getattr(request, "htmx", False) else totals_shown(found, typed(request, "by"))),
    }  # fmt: skip
    return table_page(request, "billing/register/run.html", register_table(request, found), context)


@page(SECTION)
def all_holds(request: HttpRequest) -> HttpResponseBase:
    """What the newest run of every cycle keeps out: the work list of billing, and what lies ahead."""
    context = {
        "backlog": screens.backlog(business_date()), "filters": hold_filters(request),
        "acts": acts(request, again=True),
    }  # fmt: skip
    return table_page(request, "billing/register/holds.html", holds_table(request), context)


@page(SECTION)
def run_register_act(request: HttpRequest, run_id: int, action: str) -> HttpResponseBase:
    """Hold, release or calculate again the accounts of the ticked marks."""
    found = _run(run_id)
    pairs = [(account, found) for account in screens.accounts_of_marks(run_id, ticked(request))]
    return act_page(request, action, pairs, reverse("run_register", args=[run_id]), {"run": found})


@page(SECTION)
def holds_act(request: HttpRequest, action: str) -> HttpResponseBase:
    """Hold, release or calculate again the accounts of the ticked holds, each in the run that held it."""
    pairs: list[tuple[Any, Any]] = list(screens.accounts_of_holds(ticked(request)))
    return act_page(request, action, pairs, reverse("all_holds"), {})
