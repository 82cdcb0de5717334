"""One decision on many cases: chosen in the list, shown exactly, then done exactly so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.estimation import methods
from meterbook.records.metering.queue.bulk import KINDS, MOST, Decision, Outcome, decide_many, preview_many
from meterbook.records.metering.queue.refusals import PreviewChanged
from meterbook.records.platform.queries import user_named
from meterbook.web.kit import figures
from meterbook.web.kit.access import act
from meterbook.web.metering.queue.listing import kept

TITLES = {
    "accept": _("Accept these reads"),
    "estimate": _("Estimate these reads"),
    "assign": _("Assign these cases"),
    "take": _("Take these cases"),
    "release": _("Give these cases back"),
}


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """What becomes of one item, ready to be shown."""

    outcome: Outcome
    on: date
    before: Decimal | None
    after: Decimal | None
    usage_before: list[str]
    usage_after: list[str]
    refusal: str


def method_choices() -> list[tuple[str, str]]:
    """The methods of estimation by their words."""
    return [(name, gettext(methods.title(name))) for name in methods.names()]


def chosen_items(request: HttpRequest) -> list[int]:
    """The cases ticked in the list, at most as many as one looks through."""
    return [int(each) for each in request.POST.getlist("item") if each.isdecimal() and len(each) < 19][:MOST]


def decision_of(request: HttpRequest) -> Decision | None:
    """The decision asked for; nothing for an unknown one."""
    kind, method = request.POST.get("decision", ""), request.POST.get("method", "")
    if kind not in KINDS or (method and method not in methods.names()):
        return None
    owner = user_named(request.POST.get("owner", "")) if kind == "assign" else None
    return Decision(kind, method=method, owner=owner)


def list_address(request: HttpRequest) -> str:
    """The list the cases were ticked in."""
    query = kept(request.GET)
    return reverse("exceptions") + (f"?{query}" if query else "")


def previewed(request: HttpRequest, *, changed: bool = False) -> HttpResponseBase:
    """What the decision would come to, case by case; nothing is done yet."""
    items, decision = chosen_items(request), _decision(request)
    if not items or decision is None:
        messages.warning(request, gettext("Tick the cases first, then choose what becomes of them."))
        return redirect(list_address(request))
    shown = preview_many(act(request, request.POST.get("reason", "")), decision, items)
    context: dict[str, Any] = {
        "title": TITLES[decision.kind], "decision": decision, "items": items, "token": shown.token,
        "done": [_shown(each) for each in shown.done], "refused": [_shown(each) for each in shown.refused],
        "changed": changed, "kept": kept(request.GET), "list_address": list_address(request),
        "reason": request.POST.get("reason", ""),
        "moves_reads": decision.kind in ("accept", "estimate"),
        "method": gettext(methods.title(decision.method)) if decision.method else "",
    }  # fmt: skip
    return render(request, "metering/queue/preview.html", context, status=409 if changed else 200)


def done(request: HttpRequest) -> HttpResponseBase:
    """Do what the preview showed; where anything changed since, show the new preview and do nothing."""
    items, decision = chosen_items(request), _decision(request)
    if not items or decision is None:
        return previewed(request)
    try:
        found = decide_many(
            act(request, request.POST.get("reason", "")), decision, items, token=request.POST.get("token", "")
        )
    except PreviewChanged:
        return previewed(request, changed=True)
    count = len(found.done)
    said = ngettext("%(n)d case is decided.", "%(n)d cases are decided.", count) % {"n": count}
    if found.refused:
        said += " " + ngettext(
            "%(n)d stays as it was.", "%(n)d stay as they were.", len(found.refused)
        ) % {"n": len(found.refused)}  # fmt: skip
    messages.success(request, said)
    return redirect(list_address(request))


def _decision(request: HttpRequest) -> Decision | None:
    try:
        return decision_of(request)
    except LookupError:
        return None


def _shown(outcome: Outcome) -> ShownOutcome:
    before, after = set(outcome.usage_before), set(outcome.usage_after)
    return ShownOutcome(
        outcome=outcome,
        on=date.fromisoformat(outcome.on),
        before=Decimal(outcome.before) if outcome.before else None,
        after=Decimal(outcome.after) if outcome.after else None,
        usage_before=[_usage(each, outcome.unit) for each in outcome.usage_before if each not in after],
        usage_after=[_usage(each, outcome.unit) for each in outcome.usage_after if each not in before],
        refusal=outcome.refusal.words(gettext) if outcome.refusal else "",
    )


def _usage(period: tuple[str, str, int, bool], unit: str) -> str:
    starts, ends, quantity, estimated = period
    days = f"{figures.day(date.fromisoformat(starts))} – {figures.day(date.fromisoformat(ends))}"
    said = f"{days}: {figures.quantity(quantity, unit)}"
    return f"{said} ({gettext('estimated')})" if estimated else said
