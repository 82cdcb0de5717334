"""Columns of the workbench's lists."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.places.screens import COMMODITIES
from meterbook.web.kit.cells import Column

SCHEDULES = (
    Column("code", _("Schedule"), kind="code", filter="text", href=lambda row: reverse("schedule", args=[row["code"]])),
    Column("title", _("Title"), filter="text"),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=COMMODITIES),
    Column("effective", _("In force since"), kind="date"),
    Column("next_effective", _("Next change"), kind="date"),
    Column("count", _("Versions"), kind="count", spare=True),
    Column("resolution", _("Enacted by"), spare=True),
    Column("drafted", _("Draft under way"), spare=True),
)
VERSIONS = (
    Column("code", _("Schedule"), kind="code", filter="text",
           href=lambda row: reverse("schedule_version", args=[row["code"], row["version"]])),
    Column("version", _("Version"), kind="code", filter="text"),
    Column("effective", _("Effective"), kind="date"),
    Column("title", _("Title"), filter="text", spare=True),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=COMMODITIES),
    Column("resolution", _("Enacted by"), filter="text"),
    Column("adopted", _("Adopted"), kind="date", spare=True),
    Column("released_on", _("Released"), kind="date", spare=True),
    Column("released_by", _("Released by"), spare=True),
)  # fmt: skip
DRAFTS = (
    Column("title", _("What changes"), filter="text", href=lambda row: reverse("draft", args=[row["id"]])),
    Column("code", _("Schedule"), kind="code", filter="text"),
    Column("status", _("Status"), kind="status", vocabulary="draft_status", filter="choice",
           choices=("draft", "submitted", "released", "withdrawn")),
    Column("author_name", _("Begun by"), source="author_name", filter="text"),
    Column("begun_on", _("Begun"), kind="date", spare=True),
    Column("revision", _("Revision"), kind="count", spare=True),
    Column("saved_at", _("Saved last"), kind="moment", spare=True),
)  # fmt: skip
