"""Columns of the winter average's tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.web.kit.cells import Column, Row


def _account(row: Row) -> str:
    return reverse("account", args=[row["account_number"]]) if row["account_number"] else ""


RESETS = (
    Column("effective", _("From"), kind="date", href=lambda row: reverse("winter_reset", args=[row["id"]])),
    Column("state", _("Status"), kind="status", vocabulary="winter_state", filter="choice",
           choices=("draft", "applied", "withdrawn")),
    Column("points", _("Service points"), kind="count", source="totals__points"),
    Column("overridden", _("Set by hand"), kind="count", source="totals__by_source__override"),
    Column("change_cents", _("Change of a normal period, $"), kind="money", sort=False),
    Column("drawn_name", _("Drawn by"), source="drawn_by__actor__username", filter="text", spare=True),
    Column("applied_name", _("Put in force by"), source="applied_by__actor__username", filter="text", spare=True),
)  # fmt: skip
ROWS = (
    Column("point", _("Service point"), kind="code", source="service_point__code", filter="text",
           href=lambda row: reverse("winter_average", args=[row["id"]])),
    Column("account_number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("name", _("Holder"), source="account__holder__name", filter="text", spare=True),
    Column("source", pgettext_lazy("winter average", "Found by"), kind="words", vocabulary="winter_source",
           filter="choice", choices=("average", "default", "capped")),
    Column("periods", _("Winter reads"), kind="count", spare=True),
    Column("estimated", _("Estimated"), kind="count", spare=True),
    Column("before_e6", _("Before"), kind="quantity"),
    Column("average_e6", _("By the rule"), kind="quantity", spare=True),
    Column("override_e6", _("Set by hand"), kind="quantity"),
    Column("counts_e6", _("Counts"), kind="quantity"),
    Column("change_cents", _("Change of a normal period, $"), kind="money", total=True),
)  # fmt: skip
