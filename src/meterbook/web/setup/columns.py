"""Columns of people, roles and operations."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import TITLES
from meterbook.records.platform.staffing.people import ROLES
from meterbook.web.kit.cells import Column, Row


def _person(row: Row) -> str:
    return reverse("staff_member", args=[row["username"]])


PEOPLE = (
    Column("username", _("Sign-in name"), kind="code", filter="text", href=_person),
    Column("name", _("Name"), source="first_name", filter="text"),
    Column("roles", _("Roles today"), source="username", sort=False),
    Column("state", _("Status"), kind="status", vocabulary="staff_state", source="is_active"),
    Column("email", _("E-mail"), filter="text", spare=True),
    Column("last_login", _("Last sign-in"), kind="moment", spare=True),
)
REVIEW = (
    Column("username", _("Sign-in name"), kind="code", source="user__username", filter="text", href=_person),
    Column("name", _("Name"), source="user__first_name", filter="text"),
    Column("role", _("Role"), kind="words", vocabulary="role", filter="choice", choices=ROLES),
    Column("first", _("From"), kind="date", source="validity__startswith"),
    Column("last", _("To"), kind="date", source="validity__endswith"),
    Column("given_by", _("Given by"), source="deed__actor__username", filter="text"),
    Column("decided_by", _("Second person"), source="deed__approval__decided_by__username", spare=True),
    Column("state", _("Sign-in"), kind="status", vocabulary="staff_state", source="user__is_active"),
    Column("last_login", _("Last sign-in"), kind="moment", source="user__last_login", spare=True),
    Column("deeds", _("Deeds in 90 days"), kind="count", sort=False, source="user_id"),
)
OPERATIONS = (
    Column("area", _("Area"), kind="words", vocabulary="area", filter="text"),
    Column("kind", _("Operation"), kind="code", filter="text"),
    Column("does", _("What it does"), filter="text", spare=True),
    *(Column(role, TITLES[role], kind="flag") for role in ROLES),
)
