"""The list of field requests: columns, what a row needs beyond the query, ticks for doing several at once."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.alerts import screens as alert_screens
from meterbook.records.metering.field import screens
from meterbook.records.metering.field.operations.flag import BY_HAND
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import words
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.tables import Table, typed
from meterbook.web.metering.field.said import figure, period

KINDS = (*BY_HAND, "non_communicating", "estimate_limit")
OPEN_STATES = ("flagged", "approved", "dispatched", "read", "no_access", "confirmed", "corrected")


def request_link(row: Row) -> str:
    """Where a request opens."""
    return reverse("field_request", args=[row["id"]])


TICK = Column("tick", _("Choose"), sort=False)
OWNER = Column("owner_name", _("Owner"), source="owner__username", filter="text", spare=True)


def columns(*, ticks: bool, closed: bool, routes: list[str]) -> tuple[Column, ...]:
    """The columns of the list; what ended shows its outcome and no ticks."""
    end = (
        (Column("outcome", _("Outcome"), filter="text"),)
        if closed
        else (
            Column("due_on", _("Due"), kind="date"),
            Column("late", _("Overdue"), kind="flag", sort=False, spare=True),
        )
    )
    return (
        *((TICK,) if ticks else ()),
        Column("address", _("Address"), source="service_point__premise__street", filter="text", href=request_link),
        Column("kind", _("What"), kind="words", vocabulary="field_kind", filter="choice", choices=KINDS),
        Column("state", _("State"), kind="status", vocabulary="field_state", filter="" if closed else "choice",
               choices=OPEN_STATES),
        Column("route", _("Route"), kind="code", source="service_point__route__code", filter="choice",
               choices=routes, spare=True),
        Column("sequence", _("Stop"), kind="count", source="service_point__sequence", spare=True),
        Column("reason", _("Why"), filter="text", spare=True),
        Column("age", _("Since"), kind="age", source="raised_on"),
        OWNER, *end,
    )  # fmt: skip


def request_table(request: HttpRequest) -> Table:
    """The list, of what is open or of what ended."""
    closed = typed(request, "show") == screens.ENDED
    ticks = not closed and request.GET.get("as") != "csv" and may(request, "metering.approve_requests")
    today = business_date()
    return Table(
        request, screens.requests(screens.ENDED if closed else screens.OPEN),
        columns(ticks=ticks, closed=closed, routes=screens.routes()),
        order=("due_on", "service_point__route__code", "service_point__sequence", "id"), name="field-requests",
        title=_("Field requests"),
        empty=_("Nothing is asked of the field. Re-reads, checks and silent meters appear here."),
        search=("service_point__premise__street", "service_point__premise__street_number", "service_point__code"),
        search_label=_("Address or service point"), enrich=lambda rows: _enrich(rows, today, ticks=ticks),
    )  # fmt: skip


def _enrich(rows: list[Row], today: date, *, ticks: bool) -> None:
    for row in rows:
        address = f"{row['street_number']} {row['street']}"
        row["address"] = f"{address} {row['house_unit']}" if row["house_unit"] else address
        row["age"] = (today - row["raised_on"]).days
        row["late"] = row["due_on"] < today
        if ticks:
            row["tick"] = tick(row)


def tick(row: Row) -> SafeString:
    """The box that chooses a row; it belongs to the form below the table."""
    label = gettext("Choose %(what)s, %(address)s") % {
        "what": words.say("field_kind", row["kind"]), "address": row["address"],
    }  # fmt: skip
    return format_html('<input type="checkbox" form="bulk" name="id" value="{}" aria-label="{}">', row["id"], label)


ALERTS = (
    Column("kind", _("What"), kind="words", vocabulary="alert_kind", filter="choice",
           choices=("metering.leak_suspected", "metering.high_usage_seen")),
    Column("address", _("Address"), sort=False, href=lambda row: row.get("place") or ""),
    Column("account", _("Account"), kind="code", filter="text",
           href=lambda row: reverse("account", args=[row["account"]]) if row["account"] else ""),
    Column("meter", _("Meter"), kind="code", filter="text", spare=True),
    Column("period", _("Period"), sort=False),
    Column("figure", _("Figures"), sort=False),
    Column("told_on", _("Told on"), kind="date", source="deed__business_date"),
)  # fmt: skip


def alert_table(request: HttpRequest) -> Table:
    """Leaks and high usage that were told."""
    return Table(
        request, alert_screens.alerts(), ALERTS, order=("-id",), name="alerts", title=_("Leaks and high usage"),
        empty=_("No leak and no high usage was seen yet."), search=("meter", "account"),
        search_label=_("Meter or account"), enrich=_with_figures,
    )  # fmt: skip


def _with_figures(rows: list[Row]) -> None:
    places = alert_screens.places([row["service_point"] for row in rows])
    for row in rows:
        address, premise = places.get(row["service_point"], ("", None))
        row["address"], row["place"] = address, reverse("premise", args=[premise]) if premise else ""
        row["period"], row["figure"] = period(row["kind"], row["payload"]), figure(row["kind"], row["payload"])
