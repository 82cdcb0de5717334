"""Columns of the security tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.security.words import SECURITY
from meterbook.web.kit.cells import Column

ASSESSMENTS = (
    Column("account_number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account_security", args=[row["account_number"]])),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("on", _("On"), kind="date", source="deed__business_date"),
    Column("deposit_class", _("Class"), spare=True),
    Column("standing", _("Credit standing"), kind="words", vocabulary="credit_standing", filter="choice",
           choices=tuple(SECURITY["credit_standing"]), spare=True),
    Column("basis", _("From"), kind="words", vocabulary="year_basis", filter="choice",
           choices=tuple(SECURITY["year_basis"]), spare=True),
    Column("computed_cents", _("Computed, $"), kind="money", total=True),
    Column("waived_cents", _("Waived, $"), kind="money", total=True, spare=True),
    Column("asked", _("Asked for, $"), kind="money"),
    Column("who", _("By"), source="deed__actor__username", spare=True),
)  # fmt: skip
INSTRUMENTS = (
    Column("account_number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account_security", args=[row["account_number"]])),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("kind", _("Kind"), kind="words", vocabulary="instrument", filter="choice",
           choices=tuple(SECURITY["instrument"]), href=lambda row: reverse("instrument", args=[row["id"]])),
    Column("issuer", _("Issued by"), filter="text"),
    Column("reference", _("Number"), kind="code", source="number", spare=True),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("until", _("Ends before"), kind="date"),
)  # fmt: skip
