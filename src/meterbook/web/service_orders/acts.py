"""The steps of an order on screen: what each asks, what it does, and when its button is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.versions import version_of
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.operations import opening, planning, working
from meterbook.records.service_orders.refusals import NoSuchOrder
from meterbook.records.service_orders.states import DONE, NEXT, WAITING
from meterbook.web.kit.access import act, may
from meterbook.web.kit.forms import sent
from meterbook.web.service_orders import forms as asked

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OrderAct:
    """One step: its operation, its words, its form, the deed; ``states`` are those in which its button is there."""

    kind: str
    title: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any, Given], Any]
    states: tuple[str, ...]
    lead: str | Promise = ""
    dangerous: bool = False


def _plan(act: Act, order: Any, given: Given) -> Any:
    crew = screens.crew(int(given["crew"]))
    assert crew is not None
    return planning.schedule_orders(act, orders=[order], crew=crew, on=given["on"])


def _send(act: Act, order: Any, given: Given) -> Any:
    crew = screens.crew(int(given["crew"])) if given["crew"] else None
    return planning.dispatch_orders(act, orders=[order], crew=crew)


def _change(act: Act, order: Any, given: Given) -> Any:
    return opening.change_order(
        act, order=order, reason=given["reason"], wanted_on=given["wanted_on"], emergency=given["emergency"],
        details={**order.details, **asked.wish_of(order.kind, given["wish"])}, seen=given["version"],
    )  # fmt: skip


def _review(act: Act, order: Any, given: Given) -> Any:
    return working.review_order(act, order=order, follow_up=given["follow_up"], wanted_on=given["wanted_on"])


def _tie(act: Act, order: Any, given: Given) -> Any:
    other = screens.find(given["other"])
    if other is None or other.pk == order.pk:
        raise NoSuchOrder
    return opening.link_orders(act, order=order, other=other, kind=given["kind"])


_ENDED = ("closed", "cancelled", "reviewed")
ACTS: dict[str, OrderAct] = {
    "approve": OrderAct(
        "service_orders.approve", _("Approve"), _("Approved."), asked.Note,
        lambda act, order, given: opening.approve_orders(act, orders=[order]), ("draft",),
    ),
    "plan": OrderAct(
        "service_orders.schedule", _("Plan"), _("Planned."), asked.Plan, _plan, ("approved", "scheduled", "dispatched"),
        _("It is put at the end of the crew's day."),
    ),
    "send": OrderAct(
        "service_orders.dispatch", _("Send to the crew"), _("The crew has it."), asked.Send, _send,
        ("approved", "scheduled"), _("Payments and protections are asked again before anybody goes."),
    ),
    "arrive": OrderAct(
        "service_orders.arrive", _("The crew is there"), _("Noted."), asked.Note,
        lambda act, order, given: working.arrive(act, order=order), ("dispatched",),
    ),
    "review": OrderAct(
        "service_orders.review", _("Review and close"), _("Reviewed and closed."), asked.Review, _review, DONE,
        _("A field request is confirmed and closed with it; your remark is its outcome."),
    ),
    "again": OrderAct(
        "service_orders.reopen", _("Do it again"), _("A new order is there; the old one stays as it is."), asked.Again,
        lambda act, order, given: working.reopen_order(act, order=order, wanted_on=given["wanted_on"]), _ENDED,
    ),
    "recall": OrderAct(
        "service_orders.recall", _("Take back"), _("It is to be planned anew."), asked.Why,
        lambda act, order, given: planning.recall_orders(act, orders=[order]), ("scheduled", "dispatched"),
    ),
    "change": OrderAct(
        "service_orders.change", _("Change"), _("Changed; a crew that has it is told."), asked.Change, _change, WAITING,
    ),
    "tie": OrderAct(
        "service_orders.link", _("Tie to another order"), _("Tied."), asked.Tie, _tie, WAITING,
    ),
    "cancel": OrderAct(
        "service_orders.cancel", _("Call off"), _("Called off."), asked.Why,
        lambda act, order, given: opening.cancel_order(act, order=order),
        tuple(state for state in WAITING if "cancelled" in NEXT[state]),
        _("Nobody goes. A field request it came from ends with it."), dangerous=True,
    ),
}  # fmt: skip


def possible(request: HttpRequest, order: Any) -> list[tuple[str, OrderAct]]:
    """The steps this person may take now."""
    return [(name, one) for name, one in ACTS.items() if order.state in one.states and may(request, one.kind)]


def form_of(request: HttpRequest, name: str, order: Any) -> forms.Form:
    """A step's form, filled with what is on record."""
    initial: Given = {}
    if name == "change":
        initial = {"reason": order.reason, "wanted_on": order.wanted_on, "emergency": order.emergency,
                   "wish": asked.wish_in(order.details)}  # fmt: skip
        return asked.Change(sent(request), initial=initial, version=version_of(order))
    if name == "plan":
        initial = {"on": order.scheduled_on or business_date(), "crew": str(order.crew_id or "")}
    return ACTS[name].form(sent(request), initial=initial)


def take(request: HttpRequest, name: str, order: Any, given: Given) -> Any:
    """Do it; what was written beside it is the deed's reason."""
    return ACTS[name].do(act(request, given.get("note", "")), order, given)
