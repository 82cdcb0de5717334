"""Approving and sending out several requests: what would be done, and doing exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.send import approve_requests, dispatch_requests
from meterbook.records.metering.field.states import NEXT
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date, user_with_id
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal

TO = {"approve": "approved", "dispatch": "dispatched"}
BUTTONS = {"approve": _("Approve these"), "dispatch": _("Send these out")}
MOST = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done: those that take the step, and those that stay as they are."""

    action: str
    going: list[Any]
    staying: list[Any]
    owner: str


def preview(request: HttpRequest) -> Preview:
    """What the ticked requests would become."""
    data = request.POST if request.method == "POST" else request.GET
    action = data.get("do", "") if data.get("do", "") in TO else "approve"
    ids = [int(each) for each in data.getlist("id") if each.isdecimal() and len(each) < 10][:MOST]
    chosen = screens.chosen(ids)
    going = [each for each in chosen if TO[action] in NEXT[each.state]]
    owner = data.get("owner", "")
    return Preview(action, going, [each for each in chosen if each not in going], owner if owner.isdecimal() else "")


def context(request: HttpRequest, shown: Preview) -> dict[str, object]:
    """The preview's page."""
    return {
        "title": gettext("Approve requests") if shown.action == "approve" else gettext("Send requests out"),
        "shown": shown, "button": BUTTONS[shown.action], "people": screens.workers(business_date()),
    }  # fmt: skip


def do(request: HttpRequest) -> str:
    """Do what was shown; a request that moved on meanwhile refuses the whole. Returns the refusal in words, or ""."""
    shown = preview(request)
    requests = [*shown.going, *shown.staying]
    try:
        if shown.action == "approve":
            done = approve_requests(act(request), requests=requests)
        else:
            owner = user_with_id(int(shown.owner)) if shown.owner else None
            done = dispatch_requests(act(request), requests=requests, owner=owner)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        return in_words(error)
    said = ngettext("%(n)d request is done.", "%(n)d requests are done.", done)
    messages.success(request, said % {"n": done})
    return ""
