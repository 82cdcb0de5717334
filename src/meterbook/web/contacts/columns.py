"""Columns of the contact log and of the access log."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.contacts.choices import CHANNELS, DIRECTIONS
from meterbook.web.kit.cells import Column, Row


def _contact(row: Row) -> str:
    return reverse("contact", args=[row["id"]])


def _account(row: Row) -> str:
    return reverse("account", args=[row["number"]]) if row["number"] else ""


CONTACTS = (
    Column("happened_on", _("Day"), kind="date", href=_contact),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("name", _("Holder"), source="account__holder__name", filter="text", spare=True),
    Column("channel", _("Channel"), kind="words", vocabulary="contact_channel", filter="choice", choices=CHANNELS),
    Column("direction", _("Direction"), kind="words", vocabulary="contact_direction", filter="choice",
           choices=DIRECTIONS, spare=True),
    Column("about", _("About"), source="reason", filter="text"),
    Column("words", _("What was said"), filter="text"),
    Column("follow_up_on", _("Come back"), kind="date", spare=True),
    Column("by", _("By"), source="deed__actor__username", filter="text"),
)  # fmt: skip

LOOKS = (
    Column("at", _("When"), kind="moment"),
    Column("username", _("Who looked"), source="user__username", filter="text"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("shown", _("Page"), sort=False),
    Column("business_date", _("Business date"), kind="date", spare=True),
)
