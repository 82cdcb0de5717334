"""Columns of the routes' tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.shop.route_screens import KINDS
from meterbook.web.kit.cells import Column, Row


def route_link(row: Row) -> str:
    """Where a row's route opens."""
    return reverse("route", args=[row["code"]])


def _premise(row: Row) -> str:
    return reverse("premise", args=[row["premise_id"]])


def _opt_in(row: Row) -> str:
    return reverse("opt_out", args=[row["service_point_id"]]) if row["until"] is None else ""


ROUTES = (
    Column("code", _("Route"), kind="code", filter="text", href=route_link),
    Column("title", _("Title"), filter="text"),
    Column("cycle_code", _("Cycle"), kind="code", source="cycle__code", filter="text"),
    Column("read_day", _("Read on day"), kind="count", source="cycle__read_day", spare=True),
    Column("kind", _("How it is read"), kind="words", vocabulary="route_kind", filter="choice", choices=KINDS),
    Column("reader", _("Reader"), filter="text"),
    Column("stops", _("Stops"), kind="count", total=True),
)
OPT_OUTS = (
    Column("point", _("Point"), kind="code", source="service_point__code", filter="text", href=_opt_in),
    Column("address", _("Address"), sort=False, href=_premise),
    Column("since", _("Since"), kind="date", source="validity__startswith"),
    Column("until", _("Until"), kind="date", source="validity__endswith"),
    Column("left", _("Left route"), kind="code", source="left_route__code", filter="text"),
    Column("now", _("Read on route"), kind="code", source="service_point__route__code", filter="text"),
    Column("asked_by", _("By"), source="deed__actor__username", spare=True),
)
