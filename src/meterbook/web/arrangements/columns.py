"""Columns of extensions and arrangements."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.ledger.arrangements.words import ARRANGEMENTS as WORDS
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column

ARRANGEMENTS = (
    Column("agreed_on", _("Agreed on"), kind="date", source="deed__business_date",
           href=lambda row: reverse("payment_arrangement", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("state", _("Status"), kind="status", vocabulary="arrangement_state", filter="choice",
           choices=tuple(WORDS["arrangement_state"])),
    Column("stands", _("Kept"), kind="status", vocabulary="arrangement_stands", sort=False),
    Column("next_due", _("Next part"), kind="date", sort=False),
    Column("last_due", _("Last part"), kind="date", spare=True),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("open_cents", _("Open, $"), kind="money", sort=False),
    Column("behind_cents", _("Behind, $"), kind="money", sort=False),
    Column("by", _("Agreed by"), source="deed__actor__username", filter="text", spare=True),
)  # fmt: skip
EXTENSIONS = (
    Column("until", _("More time until"), kind="date",
           href=lambda row: reverse("cancel_extension", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("state", _("Status"), kind="status", vocabulary="extension_state", sort=False),
    Column("amount_cents", _("Promised, $"), kind="money", total=True),
    Column("open_cents", _("Open, $"), kind="money", sort=False),
    Column("given_on", _("Given on"), kind="date", source="deed__business_date"),
    Column("by", _("Given by"), source="deed__actor__username", filter="text"),
    Column("promised_by", _("Promised by"), spare=True),
)  # fmt: skip
