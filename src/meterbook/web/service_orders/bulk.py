"""Several orders at once: what would be done, and doing exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.guards import DISPATCH, objections
from meterbook.records.service_orders.operations.opening import approve_orders
from meterbook.records.service_orders.operations.planning import dispatch_orders, recall_orders, schedule_orders
from meterbook.records.service_orders.planning.routing import in_route
from meterbook.records.service_orders.refusals import OrderRefused
from meterbook.records.service_orders.states import NEXT
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal

TO = {"approve": "approved", "schedule": "scheduled", "dispatch": "dispatched", "recall": "approved"}
TITLES = {
    "approve": _("Approve orders"), "schedule": _("Plan orders"), "dispatch": _("Send orders out"),
    "recall": _("Take orders back"),
}  # fmt: skip
BUTTONS = {
    "approve": _("Approve these"), "schedule": _("Plan these"), "dispatch": _("Send these out"),
    "recall": _("Take these back"),
}  # fmt: skip
MOST = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be done: those that take the step in the order of the walk, those that stay and why."""

    action: str
    going: list[Any]
    staying: list[tuple[Any, str]]
    crew: Any
    on: date

    @property
    def minutes(self) -> int:
        """What those that go take as planned."""
        return sum(order.minutes for order in self.going)


def preview(request: HttpRequest) -> Preview:
    """What the ticked orders would become."""
    data = request.POST if request.method == "POST" else request.GET
    action = data.get("do", "") if data.get("do", "") in TO else "schedule"
    ids = [int(each) for each in data.getlist("id") if each.isdecimal() and len(each) < 12][:MOST]
    crew = data.get("crew", "")
    on = _day(data.get("on", ""))
    going, staying = [], []
    for order in screens.chosen(ids):
        why = _against(order, action, on)
        if why:
            staying.append((order, why))
        else:
            going.append(order)
    chosen = screens.crew(int(crew)) if crew.isdecimal() and len(crew) < 12 else None
    return Preview(action, in_route(going), staying, chosen, on)


def _against(order: Any, action: str, on: date) -> str:
    if action == "recall":
        return "" if order.state in ("scheduled", "dispatched") else gettext("It is not planned.")
    if TO[action] not in NEXT[order.state]:
        return gettext("It cannot take this step from where it is.")
    if action == "dispatch":
        said = objections(order, DISPATCH, business_date())
        return said[0].words(gettext) if said else ""
    return ""


def context(shown: Preview) -> dict[str, object]:
    """The preview's page."""
    return {
        "title": TITLES[shown.action], "shown": shown, "button": BUTTONS[shown.action], "crews": screens.crews(),
        "asks_crew": shown.action in ("schedule", "dispatch"), "asks_day": shown.action == "schedule",
    }  # fmt: skip


def do(request: HttpRequest) -> str:
    """Do what was shown; the refusal in words, or nothing."""
    shown = preview(request)
    try:
        done = _do(request, shown)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        return in_words(error)
    said = ngettext("%(n)d order is done.", "%(n)d orders are done.", done)
    messages.success(request, said % {"n": done})
    return ""


def _do(request: HttpRequest, shown: Preview) -> int:
    who = act(request, request.POST.get("note", ""))
    if shown.action == "approve":
        return approve_orders(who, orders=shown.going)
    if shown.action == "recall":
        return recall_orders(who, orders=shown.going)
    if shown.action == "dispatch":
        return dispatch_orders(who, orders=shown.going, crew=shown.crew)
    if shown.crew is None:
        raise OrderRefused(gettext("Say which crew."))
    return schedule_orders(who, orders=shown.going, crew=shown.crew, on=shown.on)


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return business_date()
