"""Columns of the read-file tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row


def batch_link(row: Row) -> str:
    """Where a row's file opens."""
    return reverse("read_batch", args=[row.get("batch_id") or row["id"]])


BATCHES = (
    Column("file_name", _("File"), filter="text", href=batch_link),
    Column("format", _("Format"), kind="code", filter="text", spare=True),
    Column("taken_on", _("Taken in"), kind="date", source="deed__business_date"),
    Column("taken_by", _("By"), source="deed__actor__username", spare=True),
    Column("rows", _("Rows"), kind="count", total=True),
    Column("loaded", _("Loaded"), kind="count", total=True),
    Column("unchanged", _("Already known"), kind="count", total=True, spare=True),
    Column("same_day", _("Same day"), kind="count", total=True, spare=True),
    Column("rejected", _("To correct"), kind="count", total=True),
)
CORRECTIONS = (
    Column("file_name", _("File"), source="batch__file_name", filter="text", href=batch_link),
    Column("line", _("Line"), kind="count"),
    Column("field", _("Field"), filter="text"),
    Column("found", _("Found"), kind="code", filter="text"),
    Column("expected", _("Expected")),
    Column("since", _("Since"), kind="date", source="batch__deed__business_date", spare=True),
    Column("raw", _("Row as it came"), kind="code", sort=False, spare=True),
)
