"""Service orders: the list, one order with all it changed, asking one, its steps, what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.operations.opening import open_an_order
from meterbook.records.service_orders.operations.working import decide_visit
from meterbook.web.kit.access import act, may, or_404, page, roles_held
from meterbook.web.kit.editing.versions import VersionedForm, edit_page
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import ACCOUNTS, FIELD
from meterbook.web.kit.tables import table_page
from meterbook.web.service_orders import acts, outcomes
from meterbook.web.service_orders.forms import Ask, Why, wish_of
from meterbook.web.service_orders.listing import TABS, chosen_view, order_table
from meterbook.web.service_orders.said import page_of

_STEP = "service_orders/step.html"


@page(FIELD)
def orders(request: HttpRequest) -> HttpResponseBase:
    """Orders by view: open, mine, emergencies, overdue, to review, ended."""
    which = chosen_view(request)
    context = {
        "which": which, "views": TABS, "waiting": screens.waiting(business_date()), "crews": screens.crews(),
        "may_plan": may(request, "service_orders.schedule") and which != screens.ENDED,
        "may_open": may(request, "service_orders.open"),
    }  # fmt: skip
    return table_page(request, "service_orders/list.html", order_table(request, which), context)


@page(FIELD)
def order(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """One order: where, why, what was done, what it changed, what comes next."""
    found = or_404(screens.find(order_id), order_id)
    context = page_of(found) | {"steps": acts.possible(request, found)}
    context["may_complete"] = may(request, "service_orders.complete")
    context["may_decide"] = may(request, "service_orders.decide_visit")
    context["sees_accounts"] = bool(ACCOUNTS.roles & roles_held(request))
    return render(request, "service_orders/order.html", context)


@page(FIELD)
def new(request: HttpRequest) -> HttpResponseBase:
    """Ask for an order: of an account, or anywhere."""
    number = request.GET.get("account", "")
    account = or_404(account_numbered(number), number) if number else None
    points = screens.points_of(account, business_date()) if account else []
    form = Ask(sent(request), points=points, initial={name: request.GET.get(name, "") for name in ("kind", "point")})

    def done(given: dict[str, Any]) -> str:
        made = open_an_order(
            act(request, given["reason"]), kind=given["kind"], service_point=given["service_point"], account=account,
            wanted_on=given["wanted_on"], emergency=given["emergency"], cause=given["cause"],
            details=wish_of(given["kind"], given["wish"]), place=given.get("place", ""),
        )  # fmt: skip
        return reverse("service_order", args=[made.pk])

    return form_page(request, form, ASK, done, {"account": account})


@page(FIELD)
def order_step(request: HttpRequest, order_id: int, step: str) -> HttpResponseBase:
    """One step of an order: what it asks, doing it."""
    found, chosen = or_404(screens.find(order_id), order_id), or_404(acts.ACTS.get(step), step)
    form = acts.form_of(request, step, found)
    about = FormPage(chosen.title, chosen.title, "service_orders", chosen.lead, chosen.dangerous, _STEP)

    def done(given: dict[str, Any]) -> str:
        made = acts.take(request, step, found, given)
        messages.success(request, str(chosen.done))
        return reverse("service_order", args=[made.pk if step == "again" else order_id])

    if isinstance(form, VersionedForm):
        return edit_page(request, form, about, done, vocabulary="order_field", context={"item": found})
    return form_page(request, form, about, done, {"item": found})


@page(FIELD)
def complete(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """What came of an order."""
    found = or_404(screens.find(order_id), order_id)
    form = outcomes.form_of(request, found)

    def done(given: dict[str, Any]) -> str:
        made = outcomes.take(request, found, form, given)
        kept = made.state not in ("completed", "unable", "reviewed", "closed")
        say = messages.warning if kept else messages.success
        say(request, gettext("Kept, but not on record yet: decide about it.") if kept else gettext("On record."))
        return reverse("service_order", args=[order_id])

    context = {"item": found, "hung": form.hung, "confirmed": request.POST.getlist("confirm")}
    return form_page(request, form, COMPLETE, done, context)


@page(FIELD)
def decide(request: HttpRequest, visit_id: int, decision: str) -> HttpResponseBase:
    """Decide what a crew brought back against what the office had."""
    found = or_404(screens.visit(visit_id), visit_id)
    about = or_404(DECISIONS.get(decision), decision)

    def done(given: dict[str, Any]) -> str:
        decide_visit(act(request, given["note"]), visit=found, accept=decision == "accept")
        return reverse("service_order", args=[found.order_id])

    return form_page(request, Why(sent(request)), about, done, {"item": screens.find(found.order_id)})


@page(FIELD)
def photo(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    """A picture of a visit."""
    found = or_404(screens.photo(photo_id), photo_id)
    return HttpResponse(found[1], content_type=found[0])


ASK = FormPage(_("Ask for an order"), _("Ask"), "service_orders", template=_STEP)
COMPLETE = FormPage(
    _("What came of it"), _("Put it on record"), "service_orders",
    _("Reads, meters, seals, service and fees change together, or nothing does."),
    template="service_orders/complete.html",
)  # fmt: skip
DECISIONS = {
    "accept": FormPage(
        _("It counts"), _("Put it on record"), "service_orders",
        _("What the crew brought back goes on record as it stands, whatever the office wanted meanwhile."),
        template=_STEP,
    ),
    "set-aside": FormPage(
        _("Set it aside"), _("Set aside"), "service_orders",
        _("It stays with the order to be read, and changes nothing."), template=_STEP,
    ),
}  # fmt: skip
