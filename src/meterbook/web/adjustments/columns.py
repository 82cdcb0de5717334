"""Columns of the worklist of adjustments."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column
from meterbook.web.kit.words import COMMODITY

ADJUSTMENTS = (
    Column("words", _("What"), source="words_en", filter="text",
           href=lambda row: reverse("leak_claim", args=[row["claim_id"]]) if row["claim_id"]
           else reverse("adjustment", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account", args=[row["number"]])),
    Column("name", _("Holder"), source="account__holder__name", spare=True),
    Column("service", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=tuple(COMMODITY)),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="adjustment_state", filter="choice",
           choices=("proposed", "booked", "refused", "withdrawn")),
    Column("effective_on", _("Effective"), kind="date"),
    Column("asker", _("Asked by"), source="proposed_by__actor__username", filter="text"),
    Column("decider", _("Decided by"), source="decided_by__actor__username", spare=True),
)  # fmt: skip
