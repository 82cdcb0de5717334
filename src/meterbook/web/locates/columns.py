"""Columns of the list of tickets."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.formats.locates.values import TYPES
from meterbook.web.kit.cells import Column

TICKETS = (
    Column("number", _("Ticket"), kind="code", filter="text", href=lambda row: reverse("locate", args=[row["number"]])),
    Column("clock", pgettext_lazy("locate", "Clock"), kind="status", vocabulary="locate_clock", sort=False),
    Column("due_at", _("Due"), kind="moment"),
    Column("kind", _("Type"), kind="words", vocabulary="locate_kind", filter="choice", choices=TYPES),
    Column("place", _("Where"), filter="text"),
    Column("work", _("Work"), filter="text", spare=True),
    Column("excavator", _("Excavator"), filter="text", spare=True),
    Column("revision", _("Revision"), spare=True),
    Column("order_number", _("Order"), source="order_id", spare=True,
           href=lambda row: reverse("service_order", args=[row["order_number"]]) if row["order_number"] else ""),
)  # fmt: skip
