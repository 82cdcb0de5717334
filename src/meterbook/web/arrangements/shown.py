"""What the pages of extensions and arrangements show beyond their forms."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from meterbook.records.ledger.arrangements.operations.arrange import decide_arrangement
from meterbook.records.ledger.arrangements.proposing import Proposal, Terms, open_charges, propose, usual
from meterbook.records.ledger.arrangements.refusals import ArrangementRefused
from meterbook.records.ledger.arrangements.screens import asked_about
from meterbook.records.ledger.arrangements.standing import record_of
from meterbook.records.platform.queries import business_date
from meterbook.web.arrangements import acts
from meterbook.web.arrangements.forms import Arrange
from meterbook.web.kit.access import may, roles_held
from meterbook.web.kit.forms import FormPage, form_page, sent


def seal_of(found: Proposal) -> str:
    """A short fingerprint of what was shown: only that is agreed to."""
    return hashlib.sha256(json.dumps(found.preview).encode()).hexdigest()[:20]


def proposed(request: HttpRequest, account: Any, terms: Terms, day: date) -> dict[str, Any]:
    """A plan worked out with every sentence about it, or why there is none."""
    try:
        found = propose(account, terms, day, roles_held(request))
    except ArrangementRefused as refused:
        return {"proposal": None, "against": [step.words(gettext) for step in refused.reasons]}
    return {
        "proposal": found, "against": [step.words(gettext) for step in found.against],
        "second": [step.words(gettext) for step in found.second], "seal": seal_of(found),
    }  # fmt: skip


def arrange_page(request: HttpRequest, account: Any, about: FormPage) -> HttpResponseBase:
    """The plan as typed, or as usually agreed, with its parts; agreed to only as it was shown."""
    day, first = business_date(), usual(business_date())
    initial = {"count": first.count, "every": first.every, "first_due": first.first_due}
    form = Arrange(sent(request), charges=open_charges(account.pk), day=day, initial=initial)
    valid = form.is_bound and form.is_valid()
    context = {"account": account, **proposed(request, account, form.terms if valid else first, day)}
    if form.is_bound and not valid:
        context |= {"proposal": None, "against": []}
    agreed = valid and "agree" in request.POST and form.cleaned_data["shown"] == context.get("seal")
    if agreed and not context["against"]:
        shown = context["proposal"].preview
        return form_page(
            request, form, about, lambda given: acts.arranged(request, account, form.terms, shown, given), context
        )
    context["look_again"] = valid and "agree" in request.POST and not context["against"]
    page = {"form": form, "page": about, "title": about.title, **context}
    return render(request, about.template, page, status=422 if form.is_bound and form.errors else 200)


def extension_context(account: Any, day: date) -> dict[str, Any]:
    """What stands in the way, before anybody types."""
    record = record_of(account.pk, day)
    return {"account": account, "record": record, "charges": open_charges(account.pk)}


def arrangement_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One plan on a day, and who may decide what about it."""
    one = found.arrangement
    asked = asked_about(one)
    mine = asked is not None and asked.requested_by_id == request.user.pk
    decides = decide_arrangement.permitted(request.user, business_date())  # type: ignore[arg-type]
    return {
        "item": one, "stands": found.stands, "asked": asked, "mine": mine,
        "may_decide": asked is not None and not mine and decides, "waits": "proposed" if asked else "",
        "may_end": one.state == "stands" and may(request, "ledger.cancel_arrangement"),
        "why_second": asked.preview.get("why", []) if asked else [],
    }  # fmt: skip
