"""Today, approvals, and how the screens look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from meterbook.records.billing import screens as billing
from meterbook.records.platform import screens
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.web.kit.access import act, founded, page, roles_held
from meterbook.web.kit.cells import Column
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.frame import THEMES
from meterbook.web.kit.sections import APPROVALS, BILLS, TODAY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.platform.previews import request_context
from meterbook.web.platform.today import own_tasks, waiting

COLUMNS = (
    Column("kind", _("What"), kind="words", vocabulary="approval_kind",
           href=lambda row: reverse("approval", args=[row["id"]])),
    Column("subject", _("On"), kind="code", filter="text"),
    Column("status", _("Status"), kind="status", vocabulary="approval_status", filter="choice",
           choices=("pending", "approved", "refused", "withdrawn")),
    Column("amount_cents", _("Amount, $"), kind="money"),
    Column("asker", _("Asked by"), source="requested_by__username", filter="text"),
    Column("requested_at", _("Asked at"), kind="moment", spare=True),
    Column("decider", _("Decided by"), source="decided_by__username", spare=True),
)  # fmt: skip


def today(request: HttpRequest) -> HttpResponseBase:
    """What the signed-in person's work is today."""
    if not founded():
        return render(request, "platform/unfounded.html", {"title": _("Not founded yet")})
    return _today(request)


@page(TODAY)
def _today(request: HttpRequest) -> HttpResponseBase:
    context: dict[str, object] = {"title": _("Today"), "waiting": waiting(request), **own_tasks(request)}
    context["recent"] = request.session.get("recent", [])
    if BILLS.roles & roles_held(request):
        context["runs"] = billing.open_runs()
    return render(request, "platform/today.html", context)


@page(APPROVALS)
def approvals(request: HttpRequest) -> HttpResponseBase:
    """Every approval request, the waiting ones first."""
    table = Table(
        request, screens.approvals(), COLUMNS, order=("-status", "-id"), name="approvals", title=_("Approvals"),
        empty=_("Nothing has been asked yet. Requests appear here when someone asks a second person to approve."),
    )  # fmt: skip
    return table_page(request, "kit/table_page.html", table)


@page(APPROVALS)
def approval(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """One request: exactly what will post, who asked and why, and the decision."""
    asked = screens.find_approval(request_id)
    if asked is None:
        raise Http404(str(request_id))
    about = FormPage(_("Approval"), _("Approve"), "approvals", template="platform/approval.html")

    def done(given: dict[str, Any]) -> str:
        decide_approval(act(request, given["reason"]), request=asked, approve=request.POST.get("decision") == "approve")
        messages.success(request, gettext("Your decision is recorded."))
        return reverse("approvals")

    return form_page(request, ReasonForm(sent(request)), about, done, request_context(request, asked))


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect(wanted if safe else "/")


@require_POST
def theme(request: HttpRequest) -> HttpResponseBase:
    """Light, dark, or as the system says."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


def language(request: HttpRequest) -> HttpResponseBase:
    """English or Spanish."""
    return set_language(request)
