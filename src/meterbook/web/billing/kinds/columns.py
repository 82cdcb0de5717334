"""Columns of the tables of summaries and deposits."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.places.screens import COMMODITIES
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column, Row


def group_link(row: Row) -> str:
    """Where a row's group opens."""
    return reverse("summary_group", args=[row["code"]])


GROUPS = (
    Column("code", _("Group"), kind="code", filter="text", href=group_link),
    Column("name", _("Name"), filter="text"),
    Column("payer", _("Payer"), sort=False),
    Column("member_count", _("Accounts"), kind="count"),
    Column("newest", _("Newest summary"), kind="date"),
)
DEPOSITS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("service", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=COMMODITIES),
    Column("received_on", _("Received"), kind="date"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("held_cents", _("Held, $"), kind="money", sort=False),
)
