"""Columns of the tables of paying online."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row


def _account(row: Row) -> str:
    return reverse("account", args=[row["number"]])


def _payment(row: Row) -> str:
    return reverse("payment", args=[row["payment"]]) if row["payment"] else ""


CHECKOUTS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("name", _("Holder"), source="account__holder__name", spare=True),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("state", _("State"), kind="words", vocabulary="checkout_state", filter="choice",
           choices=("open", "pending", "paid", "failed", "expired")),
    Column("begun_on", _("Made on"), kind="date", source="deed__business_date"),
    Column("by", _("By"), source="deed__actor__username", spare=True),
    Column("url", _("Page"), kind="code", spare=True),
)  # fmt: skip
EVENTS = (
    Column("received_at", _("Received"), kind="moment"),
    Column("kind", _("Event"), kind="code", filter="text"),
    Column("outcome", _("What it did"), kind="words", vocabulary="event_outcome", source="effect__outcome"),
    Column("cents", _("Amount, $"), kind="money", source="effect__cents", href=_payment),
    Column("intent", _("Payment at the processor"), kind="code", filter="text", spare=True),
    Column("event", _("Number"), kind="code", spare=True),
)
KIOSKS = (
    Column("name", _("Kiosk"), href=lambda row: reverse("revoke_kiosk", args=[row["id"]])),
    Column("made_on", _("Since"), kind="date", source="deed__business_date"),
    Column("by", _("By"), source="deed__actor__username", spare=True),
    Column("payments", _("Payments"), kind="count"),
    Column("asked", _("Questions"), kind="count", spare=True),
    Column("revoked_on", _("Revoked"), kind="date"),
)
