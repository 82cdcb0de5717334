"""Columns of the hub's tables."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row


def batch_link(row: Row) -> str:
    """Where a file that was taken opens; a refused one opens nowhere."""
    return reverse("read_batch", args=[row["batch_id"]]) if row["batch_id"] else ""


SOURCES = (
    Column("name", _("Source"), filter="text", href=lambda row: reverse("read_source", args=[row["id"]])),
    Column("comes_by", _("Comes by"), source="via"),
    Column("format", _("Format"), kind="code", spare=True),
    Column("files_taken", _("Files"), kind="count", total=True),
    Column("files_refused", _("Refused"), kind="count", total=True),
    Column("rows", _("Rows"), kind="count", total=True, spare=True),
    Column("loaded", _("Loaded"), kind="count", total=True),
    Column("rejected", _("To correct"), kind="count", total=True),
    Column("queued_share", _("Queued"), sort=False, spare=True),
    Column("last_on", _("Last file"), kind="date"),
    Column("silent", _("Silent for"), sort=False),
    Column("active", _("In use"), kind="flag", spare=True),
)  # fmt: skip
RECEIVED = (
    Column("received_at", _("Received"), kind="moment"),
    Column("file_name", _("File"), filter="text", href=batch_link),
    Column("rows", _("Rows"), kind="count", source="batch__rows", total=True),
    Column("loaded", _("Loaded"), kind="count", source="batch__loaded", total=True),
    Column("rejected", _("To correct"), kind="count", source="batch__rejected", total=True),
    Column("refusal", _("Refused because"), filter="text", sort=False),
)
MISSING = (
    Column("route_code", _("Route"), kind="code", source="meter__installations__service_point__route__code",
           filter="text"),
    Column("sequence", _("Sequence"), kind="count", source="meter__installations__service_point__sequence"),
    Column("serial", _("Meter"), kind="code", source="meter__serial", filter="text",
           href=lambda row: f"{reverse('find')}?{urlencode({'q': row['serial'], 'stay': 1})}"),
    Column("channel", _("Register"), kind="words", vocabulary="register", spare=True),
    Column("address", _("Address"), sort=False),
    Column("location", _("Where it is"), source="meter__installations__service_point__location", spare=True),
    Column("reason", _("Not read because"), sort=False),
)  # fmt: skip
