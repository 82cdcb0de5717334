"""Columns of the tables of corrections."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.corrections.screens import OUTCOMES, STATES
from meterbook.records.places.screens import COMMODITIES
from meterbook.web.kit.cells import Column, Row


def _bill_link(row: Row) -> str:
    return reverse("bill", args=[row["bill_id"]]) if row["bill_id"] else ""


CASES = (
    Column("number", _("Case"), kind="code", filter="text", href=lambda row: reverse("correction", args=[row["id"]])),
    Column("state", _("State"), kind="status", vocabulary="case_state", filter="choice", choices=STATES),
    Column("cause_title", _("Cause"), source="cause"),
    Column("scope", _("About"), kind="words", vocabulary="case_scope", spare=True),
    Column("discovered_on", _("Discovered"), kind="date", spare=True),
    Column("opened_on", _("Opened"), kind="date", source="opened__business_date"),
    Column("opened_by", _("By"), source="opened__actor__username", spare=True),
    Column("reason", _("Reason"), source="opened__reason", filter="text", spare=True),
    Column("difference_cents", _("Difference, $"), kind="money"),
)
ITEMS = (
    Column("account_number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account", args=[row["account_number"]])),
    Column("name", _("Holder"), source="account__holder__name", filter="text", spare=True),
    Column("bill_number", _("Bill"), kind="code", source="bill__number", filter="text", href=_bill_link),
    Column("commodity", _("Service"), kind="words", vocabulary="commodity", source="service_point__commodity",
           filter="choice", choices=COMMODITIES),
    Column("starts", _("From"), kind="date"),
    Column("ends", _("To"), kind="date", spare=True),
    Column("outcome", _("Outcome"), kind="status", vocabulary="case_outcome", filter="choice",
           choices=OUTCOMES),
    Column("was_cents", _("Was, $"), kind="money", total=True, spare=True),
    Column("becomes_cents", _("Becomes, $"), kind="money", total=True, spare=True),
    Column("difference_cents", _("Difference, $"), kind="money", total=True),
)  # fmt: skip
