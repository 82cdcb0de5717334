"""The list of orders: columns, what a row needs beyond the query, ticks for doing several at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.states import NEXT
from meterbook.records.service_orders.words import KIND_WORDS
from meterbook.web.kit import words
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.tables import Table, typed

#: The views of the list and what each is called.
TABS = {
    screens.OPEN: _("Open"), screens.MINE: _("Mine and my crew's"), screens.EMERGENCY: _("Emergencies"),
    screens.LATE: _("Overdue"), screens.REVIEW: _("To review"), screens.ENDED: _("Ended"),
}  # fmt: skip


def chosen_view(request: HttpRequest) -> str:
    """The view asked for; the open ones where none is."""
    found = typed(request, "show")
    return found if found in screens.VIEWS else screens.OPEN


def order_link(row: Row) -> str:
    """Where an order opens."""
    return reverse("service_order", args=[row["id"]])


def columns(which: str, *, ticks: bool, crews: list[str]) -> tuple[Column, ...]:
    """The columns of a view; what ended shows when it was done, and no ticks."""
    ended = which == screens.ENDED
    return (
        *((Column("tick", _("Choose"), sort=False),) if ticks else ()),
        Column("id", _("Order"), kind="code", href=order_link),
        Column("kind", _("What"), kind="words", vocabulary="order_kind", filter="choice", choices=tuple(KIND_WORDS)),
        Column("address", _("Where"), source="premise__street", filter="text", href=order_link),
        Column("state", _("State"), kind="status", vocabulary="order_state", filter="choice", choices=tuple(NEXT)),
        Column("signs", _("Look at"), sort=False),
        Column("due_on", _("Due"), kind="date"),
        Column("crew_code", _("Crew"), kind="code", source="crew__code", filter="choice", choices=crews),
        Column("scheduled_on", _("Planned for"), kind="date", spare=True),
        *((Column("done_on", _("Done on"), kind="date"),) if ended else ()),
        Column("number", _("Account"), kind="code", source="account__number", filter="text", spare=True,
               href=lambda row: reverse("account", args=[row["number"]]) if row["number"] else ""),
        Column("route", _("Route"), kind="code", source="service_point__route__code", spare=True),
        Column("reason", _("Why"), filter="text", spare=True),
        Column("age", _("Age, days"), kind="age", source="opened_on", spare=True),
        Column("asked_by", _("Asked by"), source="deed__actor__username", filter="text", spare=True),
    )  # fmt: skip


def order_table(request: HttpRequest, which: str) -> Table:
    """The orders of a view."""
    today = business_date()
    ticks = which != screens.ENDED and request.GET.get("as") not in ("csv", "xlsx")
    ticks = ticks and may(request, "service_orders.schedule")
    user: Any = request.user
    return Table(
        request, screens.orders(which, user=user, today=today),
        columns(which, ticks=ticks, crews=[each.code for each in screens.crews()]),
        order=("-emergency", "due_on", "id"), name="service-orders", title=_("Service orders"),
        empty=_("No order here. They come from moves, cases, paid requests and field requests; or ask for one."),
        search=("premise__street", "premise__street_number", "service_point__code", "account__number", "reason"),
        search_label=_("Address, account, service point or words"),
        enrich=lambda rows: _enrich(rows, today, ticks=ticks),
    )  # fmt: skip


def _enrich(rows: list[Row], today: date, *, ticks: bool) -> None:
    for row in rows:
        row["address"] = address(row)
        row["age"] = (today - row["opened_on"]).days
        row["signs"] = " · ".join(_signs(row, today))
        if ticks:
            row["tick"] = tick(row)


def address(row: Row) -> str:
    """Where the work is: the address, or the place in words."""
    if row["street"] is None:
        return str(row["place"])
    found = f"{row['street_number']} {row['street']}"
    return f"{found} {row['house_unit']}" if row["house_unit"] else found


def _signs(row: Row, today: date) -> list[str]:
    said = []
    if row["emergency"]:
        said.append(gettext("Emergency"))
    if row["conflict"]:
        said.append(gettext("To be decided"))
    if row["due_on"] < today and row["state"] not in ("completed", "unable", "closed", "cancelled", "reviewed"):
        said.append(gettext("Overdue"))
    return said


def tick(row: Row) -> SafeString:
    """The box that chooses a row; it belongs to the form below the table."""
    label = gettext("Choose order %(number)s, %(what)s") % {
        "number": row["id"], "what": words.say("order_kind", row["kind"]),
    }  # fmt: skip
    return format_html('<input type="checkbox" form="bulk" name="id" value="{}" aria-label="{}">', row["id"], label)
