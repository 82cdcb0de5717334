"""Drawers and bags: opening, dropping, counting blind, closing, and what goes to the bank."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.cashiering import screens
from meterbook.records.cashiering.operations.close_drawer import close_drawer, count_drawer
from meterbook.records.cashiering.operations.drawers import drop, open_drawer
from meterbook.records.cashiering.operations.make_deposit import make_deposit
from meterbook.records.cashiering.queries import NoReceipt, drawer_with_id
from meterbook.records.platform.queries import business_date
from meterbook.web.cashiering.columns import BAGS, DRAWERS
from meterbook.web.cashiering.forms import BagForm, CloseForm, CountForm, DropForm, OpenForm
from meterbook.web.kit.access import act, may, page
from meterbook.web.kit.figures import amount
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.kit.sections import MONEY
from meterbook.web.kit.tables import Table, table_page

OPEN = FormPage(_("Open a drawer"), _("Open"), "drawers", _("Count the change you are lent before you open."))
DROP = FormPage(_("Drop cash into the safe"), _("Drop"), "counter")
COUNT = FormPage(
    _("Count the drawer"), _("That is what I counted"), "drawers",
    _("Count everything in the drawer, float included. What it should hold is shown once two people have counted."),
    template="cashiering/count.html",
)  # fmt: skip
CLOSE = FormPage(_("Close the drawer"), _("Close"), "drawers", template="cashiering/close.html")
BAG = FormPage(
    _("Make up a deposit"), _("Seal the bag"), "bank_deposits",
    _("Floats go back into the safe; the rest of these drawers goes into the bag."),
)  # fmt: skip


@page(MONEY)
def list_page(request: HttpRequest) -> HttpResponseBase:
    """Every drawer."""
    table = Table(
        request, screens.drawers(), DRAWERS, order=("-business_date", "-id"), name="drawers", title=_("Drawers"),
        empty=_("No drawer was opened yet."),
    )  # fmt: skip
    may_open = may(request, "cashiering.open_drawer")
    return table_page(request, "cashiering/list.html", table, {"here": "drawers", "may_open": may_open})


@page(MONEY)
def open_page(request: HttpRequest) -> HttpResponseBase:
    """Open a drawer for oneself."""

    def done(given: dict[str, Any]) -> str:
        open_drawer(act(request), station=given["station"], float_cents=given["float_cents"])
        return reverse("counter")

    return form_page(request, OpenForm(sent(request), day=business_date()), OPEN, done)


@page(MONEY)
def drawer(request: HttpRequest, drawer_id: int) -> HttpResponseBase:
    """One drawer: its tape, its counts, what comes next; what it should hold only once it is closed."""
    found, user = _found(drawer_id), act(request).actor
    context = {
        "drawer": found, "title": _("Drawer %(number)s") % {"number": found.pk}, "tape": screens.tape(found),
        "counts": screens.counts(found), "expected": screens.balance_of(found), "mine": found.cashier_id == user.pk,
        "may_count": may(request, "cashiering.count_drawer"), "settle": screens.to_settle(found, user),
    }  # fmt: skip
    return render(request, "cashiering/drawer.html", context)


@page(MONEY)
def drop_page(request: HttpRequest, drawer_id: int) -> HttpResponseBase:
    """Drop cash into the safe."""
    found = _found(drawer_id)

    def done(given: dict[str, Any]) -> str:
        drop(act(request), drawer=found, amount_cents=given["amount_cents"], bag=given["bag"])
        return reverse("counter")

    return form_page(request, DropForm(sent(request)), DROP, done)


@page(MONEY)
def count_page(request: HttpRequest, drawer_id: int) -> HttpResponseBase:
    """Count a drawer blind."""
    found, form = _found(drawer_id), CountForm(sent(request))

    def done(given: dict[str, Any]) -> str:
        count, cents = given["noncash_count"] or 0, given["noncash_cents"] or 0
        count_drawer(act(request), drawer=found, pieces=form.pieces(), noncash_count=count, noncash_cents=cents)
        return reverse("drawer", args=[found.pk])

    return form_page(request, form, COUNT, done, {"drawer": found})


@page(MONEY)
def close_page(request: HttpRequest, drawer_id: int) -> HttpResponseBase:
    """The second person closes the drawer."""
    found = _found(drawer_id)

    def done(given: dict[str, Any]) -> str:
        close_drawer(act(request), drawer=found, reason=given["reason"], note=given["note"])
        return reverse("drawer", args=[found.pk])

    context = {"drawer": found, "settle": screens.to_settle(found, act(request).actor)}
    return form_page(request, CloseForm(sent(request), day=business_date()), CLOSE, done, context)


@page(MONEY)
def bags(request: HttpRequest) -> HttpResponseBase:
    """Every bag that went to the bank."""
    table = Table(
        request, screens.bank_deposits(), BAGS, order=("-made_on", "-id"), name="bags", title=_("Deposits to the bank"),
        empty=_("No bag went to the bank yet."),
    )  # fmt: skip
    may_bag = may(request, "cashiering.make_deposit")
    return table_page(request, "cashiering/list.html", table, {"here": "bags", "may_bag": may_bag})


@page(MONEY)
def bag_page(request: HttpRequest) -> HttpResponseBase:
    """Make up a bag of closed drawers."""
    ready, form = {one.pk: one for one in screens.undeposited()}, BagForm(sent(request))
    form.fields["drawers"].choices = [(pk, _said(one)) for pk, one in ready.items()]  # type: ignore[attr-defined]

    def done(given: dict[str, Any]) -> str:
        make_deposit(act(request), drawers=[ready[pk] for pk in given["drawers"]], bag=given["bag"])
        return reverse("bank_deposits")

    return form_page(request, form, BAG, done)


def _found(drawer_id: int) -> Any:
    try:
        return drawer_with_id(drawer_id)
    except NoReceipt as none:
        raise Http404(str(none)) from none


def _said(one: Any) -> str:
    cash, noncash = screens.takings(one)
    return f"{one.pk} · {one.station} · {one.cashier.username} · {amount(cash)} + {amount(noncash)}"
