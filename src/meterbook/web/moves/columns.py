"""Columns of moves and landlords' agreements."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column

MOVES = (
    Column("on", _("Day"), kind="date", href=lambda row: reverse("move", args=[row["id"]])),
    Column("kind", _("Move"), kind="words", vocabulary="move_kind", filter="choice",
           choices=("start", "stop", "transfer", "swap", "bankruptcy")),
    Column("state", _("Status"), kind="status", vocabulary="move_state", filter="choice",
           choices=("planned", "done", "cancelled", "corrected")),
    Column("address", _("Where"), filter="text", href=lambda row: reverse("premise", args=[row["premise_id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name"),
    Column("asked_on", _("Entered"), kind="date", source="asked__business_date", spare=True),
    Column("asker", _("By"), source="asked__actor__username", filter="text", spare=True),
)  # fmt: skip
LANDLORDS = (
    Column("address", _("Where"), filter="text", href=lambda row: reverse("premise", args=[row["premise_id"]])),
    Column("name", _("Owner"), source="owner__name", filter="text",
           href=lambda row: reverse("landlord", args=[row["number"]])),
    Column("number", _("Takes over on"), kind="code", source="account__number", filter="text", href=account_link),
    Column("since", _("From"), kind="date", source="validity__startswith"),
    Column("ends", _("Until"), kind="date", source="validity__endswith"),
    Column("after_cutoff", _("Also after a cutoff"), kind="flag"),
    Column("evidence", _("What was signed"), spare=True),
)  # fmt: skip
