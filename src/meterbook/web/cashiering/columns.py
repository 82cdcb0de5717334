"""Columns of the counter's lists."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column

DRAWERS = (
    Column("id", _("Drawer"), kind="code", href=lambda row: reverse("drawer", args=[row["id"]])),
    Column("business_date", _("Day"), kind="date"),
    Column("station", _("Window"), filter="text"),
    Column("cashier_name", _("Cashier"), source="cashier__username", filter="text"),
    Column("state", _("State"), kind="status", vocabulary="drawer", filter="choice",
           choices=("open", "counted", "closed")),
    Column("receipts", _("Receipts"), kind="count", total=True, spare=True),
    Column("voids", _("Voided"), kind="count", sort=False, spare=True),
    Column("taken_cents", _("Taken, $"), kind="money", sort=False),
    Column("over_short_cents", _("Over or short, $"), kind="money", total=True),
    Column("closed_by", _("Closed by"), source="closed__actor__username", spare=True),
    Column("bag", _("Bag"), kind="code", source="deposit__bag", spare=True),
)  # fmt: skip
RECEIPTS = (
    Column("drawer_id", _("Drawer"), kind="code", href=lambda row: reverse("drawer", args=[row["drawer_id"]])),
    Column("number", _("Receipt"), kind="count", href=lambda row: reverse("receipt", args=[row["id"]])),
    Column("received_on", _("Day"), kind="date"),
    Column("cashier_name", _("Cashier"), source="drawer__cashier__username", filter="text"),
    Column("station", _("Window"), source="drawer__station", spare=True),
    Column("voided", _("Voided"), kind="flag"),
    Column("total_cents", _("Amount, $"), kind="money"),
)
BAGS = (
    Column("bag", _("Bag"), kind="code", filter="text"),
    Column("made_on", _("Made on"), kind="date"),
    Column("made", _("Made by"), source="made_by__username", filter="text"),
    Column("drawer_count", _("Drawers"), kind="count", sort=False, spare=True),
    Column("cash_cents", _("Cash, $"), kind="money", total=True),
    Column("noncash_cents", _("Checks and money orders, $"), kind="money", total=True),
    Column("amount_cents", _("Deposit, $"), kind="money", total=True),
)
