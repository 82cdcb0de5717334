"""Columns of the shop's tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.shop.screens import STATES
from meterbook.web.kit.cells import Column, Row


def meter_link(row: Row) -> str:
    """Where a row's meter opens."""
    return reverse("meter", args=[row["id"]])


def _seal_meter(row: Row) -> str:
    return reverse("meter", args=[row["meter_key"]]) if row["meter_key"] else ""


def _take_off(row: Row) -> str:
    return reverse("remove_seal", args=[row["id"]]) if row["off_on"] is None else ""


METERS = (
    Column("serial", _("Serial"), kind="code", filter="text", href=meter_link),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", filter="choice",
           choices=("electricity", "water")),
    Column("size", _("Size"), filter="text"),
    Column("state", _("State"), kind="status", vocabulary="meter_state", filter="choice", choices=STATES),
    Column("address", _("Hangs at"), sort=False),
    Column("hung_on", _("Since"), kind="date"),
    Column("make", _("Make"), source="manufacturer", filter="text", spare=True),
    Column("due_on", _("Test due"), kind="date", sort=False, spare=True),
    Column("lot", _("Shipment"), kind="code", filter="text", spare=True),
    Column("endpoint", _("Radio"), kind="code", filter="text", spare=True),
)  # fmt: skip
SEALS = (
    Column("number", _("Number"), kind="code", filter="text", href=_take_off),
    Column("kind", _("Kind"), kind="words", vocabulary="seal_kind", filter="choice", choices=("seal", "lock")),
    Column("point", _("Point"), kind="code", source="service_point__code", filter="text"),
    Column("serial", _("Meter"), kind="code", source="meter__serial", filter="text", href=_seal_meter),
    Column("on", _("On since"), kind="date", source="validity__startswith"),
    Column("off_on", _("Came off"), kind="date", source="validity__endswith"),
    Column("note", _("Found"), spare=True),
    Column("placed_by", _("By"), source="deed__actor__username", spare=True),
)
