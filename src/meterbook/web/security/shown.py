"""What the security pages show, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.trace import Step
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.security import screens
from meterbook.records.security.standing import worklist
from meterbook.web.kit.access import may
from meterbook.web.kit.forms import FormPage
from meterbook.web.kit.refusals import in_words, is_refusal
from meterbook.web.kit.words import say
from meterbook.web.platform.previews import preview_rows


def said(steps: Any) -> list[str]:
    """Sentences in the reader's language."""
    return [step.words(gettext) for step in steps if isinstance(step, Step)]


def refund_rows(day: date) -> list[dict[str, Any]]:
    """The worklist: those that go back first."""
    try:
        found = worklist(day)
    except NoPolicy:
        return []
    rows = [{"one": one, "reasons": [(met, step.words(gettext)) for met, step in one.judged.reasons]} for one in found]
    return sorted(rows, key=lambda row: (not row["one"].judged.due, row["one"].number))


def account_page(request: HttpRequest, account: Any) -> HttpResponseBase:
    """One account's security."""
    today = business_date()
    found = screens.story(account, today)
    mine = {
        "may_assess": may(request, "security.assess"), "may_add": may(request, "security.add_instrument"),
        "may_cancel": may(request, "security.cancel_assessment"),
        "may_back": may(request, "security.request_give_back"), "may_move": may(request, "security.request_move"),
    }  # fmt: skip
    context = {
        "title": _("Deposits and security"), "account": account, "found": found, "today": today,
        "asked": [{"row": one, "said": said(one.steps)} for one in found.asked],
        "held": [{"row": one, "said": said(one.steps)} for one in found.held],
        "due_cents": sum(one.due_cents for one in found.held),
        "reasons": [(met, step.words(gettext)) for met, step in found.candidate.judged.reasons]
        if found.candidate else [],
        **mine,
    }  # fmt: skip
    return render(request, "security/account.html", context)


def tried(
    request: HttpRequest, form: forms.Form, about: FormPage, context: dict[str, object],
    compute: Callable[[dict[str, Any]], Any],
) -> HttpResponseBase:  # fmt: skip
    """The form again with what the computation comes to, or why it cannot."""
    try:
        found = compute(form.cleaned_data)
        context = {**context, "proposal": found, "said": said(found.steps)}
    except Exception as error:
        if not is_refusal(error):
            raise
        form.add_error(None, in_words(error))
    status = 422 if form.errors else 200
    return render(
        request, about.template, {"form": form, "page": about, "title": about.title, **context}, status=status
    )


def kind_words(asked: Any) -> str:
    """What a request is about."""
    return str(say("security_kind", asked.kind))


def request_context(request: HttpRequest, asked: Any) -> dict[str, object]:
    """One request: what would be done, who asked, who may decide."""
    mine = asked.requested_by_id == request.user.pk
    hidden = {"typed", "document", "instrument", "sha256"}
    preview = {key: value for key, value in asked.preview.items() if key not in hidden and value not in (None, "", 0)}
    waits = asked.status == "pending"
    return {
        "asked": asked, "mine": mine, "waits": "proposed" if waits else "", "preview": preview_rows(preview),
        "number": asked.preview.get("account", ""),
        "may_decide": waits and not mine and may(request, "security.decide"),
    }  # fmt: skip
