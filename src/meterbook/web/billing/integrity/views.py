"""Integrity of meter accounts: the worklist, one finding, and what is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from meterbook.records.billing.integrity import screens
from meterbook.records.billing.integrity.reconcile import reconciled
from meterbook.records.platform.queries import business_date
from meterbook.web.billing.integrity import deciding
from meterbook.web.billing.integrity.listing import filters, findings_table, kept
from meterbook.web.billing.integrity.said import STATES, says, title_of
from meterbook.web.kit.access import may, page
from meterbook.web.kit.sections import ACCOUNTS as SECTION
from meterbook.web.kit.tables import table_page

if TYPE_CHECKING:
    from meterbook.records.billing.integrity.models import AuditFinding


def _finding(finding_id: int) -> AuditFinding:
    found = screens.finding(finding_id)
    if found is None:
        raise Http404(str(finding_id))
    return found


@page(SECTION)
def worklist(request: HttpRequest) -> HttpResponseBase:
    """What does not add up, dearest first."""
    standing = screens.standing()
    context = {
        "filters": filters(request), "standing": standing, "workers": screens.workers(business_date()),
        "kept": kept(request.GET), "may_decide": may(request, "billing.explain_findings"),
        "by_check": [(name, title_of(name), *counts) for name, counts in standing.by_check.items()],
    }  # fmt: skip
    return table_page(request, "billing/integrity/list.html", findings_table(request), context)


@page(SECTION)
def finding(request: HttpRequest, finding_id: int) -> HttpResponseBase:
    """One finding beside everything on its parcel."""
    found, today = _finding(finding_id), business_date()
    context = {
        "finding": found, "title": title_of(found.kind), "says": says(found.kind, found.figures),
        "state": STATES[found.state], "whole": reconciled(found, today), "age": (today - found.first_seen).days,
        "history": screens.history(finding_id), "workers": screens.workers(today),
        "may_decide": may(request, "billing.explain_findings"),
    }  # fmt: skip
    return render(request, "billing/integrity/finding.html", context)


@require_POST
@page(SECTION)
def preview(request: HttpRequest) -> HttpResponseBase:
    """Show what would be explained, or assign what is ticked."""
    return deciding.assigned(request) if request.POST.get("decision") == "assign" else deciding.previewed(request)


@require_POST
@page(SECTION)
def explain(request: HttpRequest) -> HttpResponseBase:
    """Explain what the preview showed."""
    return deciding.explained(request)


@require_POST
@page(SECTION)
def reopen(request: HttpRequest, finding_id: int) -> HttpResponseBase:
    """Open an explained finding again."""
    return deciding.reopened(request, _finding(finding_id))


@require_POST
@page(SECTION)
def audit(request: HttpRequest) -> HttpResponseBase:
    """Run the audit now."""
    return deciding.audited(request)
