"""Columns of fees, service requests and development charges."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column
from meterbook.web.kit.words import COMMODITY

FEES = (
    Column("words", _("What"), source="words_en", filter="text",
           href=lambda row: reverse("service_charge", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", spare=True),
    Column("service", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=tuple(COMMODITY)),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("open_cents", _("Open, $"), kind="money", total=True),
    Column("due_on", _("Due"), kind="date"),
    Column("state", _("Status"), kind="status", vocabulary="charge_state", filter="choice",
           choices=("asked", "booked", "refused", "cancelled")),
    Column("asker", _("Asked by"), source="asked_by__actor__username", filter="text"),
    Column("booker", _("Booked by"), source="booked_by__actor__username", spare=True),
)  # fmt: skip
REQUESTS = (
    Column("words", _("What"), source="charge__words_en", filter="text",
           href=lambda row: reverse("send_service", args=[row["id"]]) if row["state"] == "waits"
           else reverse("service_charge", args=[row["charge_id"]])),
    Column("number", _("Account"), kind="code", source="charge__account__number", filter="text", href=account_link),
    Column("address", _("Where"), filter="text"),
    Column("asked_on", _("Asked on"), kind="date", source="deed__business_date"),
    Column("wanted_on", _("Wanted on"), kind="date"),
    Column("amount_cents", _("Fee, $"), kind="money", source="charge__amount_cents", total=True),
    Column("open_cents", _("Open, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="request_state", filter="choice",
           choices=("waits", "sent", "cancelled")),
)  # fmt: skip
DEVELOPMENTS = (
    Column("address", _("Where"), filter="text",
           href=lambda row: reverse("development_charge", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("service", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=tuple(COMMODITY)),
    Column("asked_on", _("Asked on"), kind="date", source="deed__business_date"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("parts", _("Parts"), kind="count"),
    Column("booked_cents", _("Booked, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="development_state", filter="choice",
           choices=("asked", "agreed", "refused")),
)  # fmt: skip
