"""Columns of tasks, of who stands in for whom, and of what one was told."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import TITLES
from meterbook.web.kit.cells import Column, Row


def _open(row: Row) -> str:
    return reverse("task", args=[row["id"]])


TASKS = (
    Column("words", _("Task"), source="title", sort=False, href=_open),
    Column("due_on", _("Due"), kind="date"),
    Column("state", _("Status"), kind="status", vocabulary="task_state"),
    Column("role", _("Role"), kind="words", vocabulary="role", filter="choice", choices=tuple(TITLES), spare=True),
    Column("owner_name", _("In hand of"), source="owner__username", filter="text", spare=True),
    Column("asked_by", _("Asked by"), source="deed__actor__username", spare=True),
    Column("asked_on", _("Asked on"), kind="date", source="deed__business_date", spare=True),
)
AWAY = (
    Column("away", _("Away"), source="user__username", filter="text",
           href=lambda row: reverse("end_standing_in", args=[row["id"]])),
    Column("stands_in", _("Stands in"), source="delegate__username", filter="text"),
    Column("first", _("From"), kind="date", source="validity__startswith"),
    Column("last", _("To"), kind="date", source="validity__endswith"),
    Column("by", _("Said by"), source="deed__actor__username", spare=True),
)  # fmt: skip
TOLD = (
    Column("said", _("What"), source="words", sort=False, href=lambda row: reverse("told", args=[row["id"]])),
    Column("told_at", _("When"), kind="moment"),
    Column("state", _("Status"), kind="status", vocabulary="told_state", source="seen_at", sort=False),
)
