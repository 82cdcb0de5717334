"""Columns of returned payments and of tenders refused."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column

RETURNED = (
    Column("returned_on", _("Came back"), kind="date", source="reversal__reversed_on",
           href=lambda row: reverse("returned_payment", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("kind", _("How"), kind="words", vocabulary="payment_reversal", source="reversal__kind", filter="choice",
           choices=("returned", "chargeback")),
    Column("code", _("Reason"), kind="code", source="reversal__code", filter="text"),
    Column("tender", _("Paid by"), kind="words", vocabulary="tender", source="reversal__payment__tender"),
    Column("reference", _("Check or trace"), kind="code", source="reversal__payment__reference", spare=True),
    Column("amount_cents", _("Payment, $"), kind="money", source="reversal__payment__amount_cents", total=True),
    Column("occurrence", _("Time"), kind="count", spare=True),
    Column("fee_cents", _("Fee, $"), kind="money", total=True),
    Column("fee_state", _("Fee is"), kind="words", vocabulary="return_fee"),
)  # fmt: skip
BANS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("scope", _("Refused"), kind="words", vocabulary="ban_scope", filter="choice",
           choices=("ach", "check", "noncash"), href=lambda row: reverse("lift_ban", args=[row["id"]])),
    Column("starts", _("From"), kind="date", source="validity__startswith"),
    Column("ends", _("Until before"), kind="date", source="validity__endswith"),
    Column("returned", _("Because of"), kind="count", source="cause_id", spare=True,
           href=lambda row: reverse("returned_payment", args=[row["returned"]]) if row["returned"] else ""),
    Column("by", _("By"), source="deed__actor__username", spare=True),
)  # fmt: skip
