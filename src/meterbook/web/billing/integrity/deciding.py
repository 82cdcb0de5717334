"""Deciding on findings: one or many explained after a preview, assigned, opened again, and the audit run now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from meterbook.records.billing.integrity import screens
from meterbook.records.billing.integrity.operations.audit_accounts import audit_accounts
from meterbook.records.billing.integrity.operations.decide import (
    assign_findings,
    explain_findings,
    reopen_finding,
    token_of,
)
from meterbook.records.billing.integrity.refusals import CannotDecideFinding
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import user_named
from meterbook.web.billing.integrity.listing import kept
from meterbook.web.billing.integrity.said import says, title_of
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words

if TYPE_CHECKING:
    from meterbook.records.billing.integrity.models import AuditFinding

#: As many as one looks through in a preview.
MOST = 200


def ticked(request: HttpRequest) -> list[int]:
    """The findings ticked in the list."""
    return [int(each) for each in request.POST.getlist("item") if each.isdecimal() and len(each) < 19][:MOST]


def list_address(request: HttpRequest) -> str:
    """The list the findings were ticked in."""
    query = kept(request.GET)
    return reverse("integrity") + (f"?{query}" if query else "")


def previewed(request: HttpRequest, refusal: str = "") -> HttpResponseBase:
    """What would be explained, finding by finding; nothing is done yet."""
    rows = screens.open_among(ticked(request))
    if not rows:
        messages.warning(request, gettext("Tick open findings first, then choose what becomes of them."))
        return redirect(list_address(request))
    shown = [{"row": row, "title": title_of(row.kind), "says": says(row.kind, row.figures)} for row in rows]
    context: dict[str, Any] = {
        "title": gettext("Explain these findings"), "shown": shown, "token": token_of(rows), "kept": kept(request.GET),
        "list_address": list_address(request), "reason": request.POST.get("reason", ""), "refusal": refusal,
        "cents": sum(row.at_risk_cents or 0 for row in rows),
    }  # fmt: skip
    return render(request, "billing/integrity/preview.html", context, status=409 if refusal else 200)


def explained(request: HttpRequest) -> HttpResponseBase:
    """Explain what the preview showed; where anything changed since, show the new preview and do nothing."""
    reason = request.POST.get("reason", "")
    try:
        count = explain_findings(act(request, reason), findings=ticked(request), token=request.POST.get("token", ""))
    except CannotDecideFinding as error:
        return previewed(request, in_words(error))
    said = ngettext("%(n)d finding is explained.", "%(n)d findings are explained.", count)
    messages.success(request, said % {"n": count})
    return redirect(list_address(request))


def assigned(request: HttpRequest) -> HttpResponseBase:
    """Make the ticked findings somebody's work."""
    try:
        name = request.POST.get("owner", "")
        owner = user_named(name) if name else None
        count = assign_findings(act(request), findings=ticked(request), owner=owner)
    except CannotDecideFinding as error:
        messages.warning(request, in_words(error))
    except LookupError:
        messages.warning(request, gettext("Nobody signs in by this name."))
    else:
        said = ngettext("%(n)d finding is assigned.", "%(n)d findings are assigned.", count) % {"n": count}
        messages.success(request, said)
    return redirect((request.POST.get("back") == "finding" and len(ticked(request)) == 1
                    and reverse("finding", args=ticked(request))) or list_address(request))  # fmt: skip


def reopened(request: HttpRequest, found: AuditFinding) -> HttpResponseBase:
    """Take an explanation back."""
    try:
        reopen_finding(act(request, request.POST.get("reason", "")), finding=found)
        messages.success(request, gettext("The finding is open again."))
    except CannotDecideFinding as error:
        messages.warning(request, in_words(error))
    return redirect("finding", found.pk)


def audited(request: HttpRequest) -> HttpResponseBase:
    """Run the audit now."""
    try:
        found = audit_accounts(act(request, "audit of meter accounts"))
    except NoPolicy:
        messages.warning(request, gettext("No policy account-integrity is in force, so nothing was audited."))
    else:
        said = gettext("Audited: %(raised)d new findings, %(resolved)d resolved.")
        messages.success(request, said % {"raised": found.compared.raised, "resolved": found.compared.resolved})
    return redirect("integrity")
