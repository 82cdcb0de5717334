"""One page for a whole move: typed in sections, shown as it will be done, saved; a refusal keeps everything typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from meterbook.engine.trace import Step, Value
from meterbook.records.moves.doing.telling import sentences
from meterbook.records.moves.operations.make import make_move
from meterbook.records.moves.plans import Plan
from meterbook.records.moves.rehearsing import rehearse
from meterbook.records.moves.screens import is_planned
from meterbook.records.platform.deeds import NotPermitted
from meterbook.web.kit import figures, words
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.moves.drafts import draft_of, forget
from meterbook.web.moves.forms import Sectioned


@dataclass(frozen=True, slots=True)
class FlowPage:
    """What stands around a flow: its title, a lead, where Cancel goes."""

    title: str | Promise
    lead: str | Promise
    back: str


def flow_page(
    request: HttpRequest, form: Sectioned, about: FlowPage, build: Callable[[], Plan], context: dict[str, Any]
) -> HttpResponseBase:
    """Show the form; preview or make the move when it is sent."""
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            plan = build()
            if request.POST.get("do") == "save":
                return _saved(request, plan)
            preview = rehearse(lambda: make_move(_act(request, plan), plan=plan), lambda made: told(made.told))
        except NotPermitted:
            raise
        except Exception as error:
            if not is_refusal(error):
                raise
            form.add_error(None, _refusal(error))
    shown = {"form": form, "page": about, "title": about.title, "preview": preview, "draft": request.get_full_path(),
             "restored": request.method == "GET" and bool(draft_of(request))}  # fmt: skip
    return render(request, "moves/flow.html", shown | context, status=422 if form.is_bound and form.errors else 200)


def _refusal(error: Exception) -> str:
    step = getattr(error, "step", None)
    return said(step) if isinstance(step, Step) else in_words(error)


def _act(request: HttpRequest, plan: Plan) -> Any:
    return act(request, plan.note or f"{plan.kind} {plan.on.isoformat()}")


def _saved(request: HttpRequest, plan: Plan) -> HttpResponseBase:
    made = make_move(_act(request, plan), plan=plan)
    forget(request)
    done = gettext("Planned: it is carried out on its day.") if is_planned(made) else gettext("Done.")
    messages.success(request, done)
    return redirect("move", made.pk)


def told(found: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a move says, in the reader's language: heading, then each sentence with its address."""
    return [
        (words.say("move_heading", heading), [(said(step), address(href)) for step, href in lines])
        for heading, lines in sentences(found)
    ]


def said(step: Step) -> str:
    """A sentence with its days as they are written here."""
    return _with_days(step).words(gettext)


def _with_days(step: Step) -> Step:
    values: dict[str, Value] = {
        name: figures.day(one) if isinstance(one, date) else _with_days(one) if isinstance(one, Step) else one
        for name, one in step.values.items()
    }
    return Step(step.message, values)


def address(href: Any) -> str:
    """The address of a page by its name and arguments; nothing for one that is not there."""
    if not href:
        return ""
    try:
        return reverse(href[0], args=href[1])
    except NoReverseMatch:
        return ""
