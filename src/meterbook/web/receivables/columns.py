"""Columns of the lists of receivables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.engine.ledger.limits import KINDS
from meterbook.records.payments.words import MONEY
from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column

FOUND = (
    Column("id", _("Payment"), kind="code", href=lambda row: reverse("payment", args=[row["id"]])),
    Column("received_on", _("Received"), kind="date"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("tender", _("Tender"), kind="words", vocabulary="tender", filter="choice", choices=tuple(MONEY["tender"])),
    Column("reference", _("Check or trace"), kind="code", filter="text"),
    Column("payer", _("Name as it came"), filter="text", spare=True),
    Column("batch_number", _("Batch"), kind="code", source="batch__number", filter="text", spare=True),
    Column("reversed_as", _("Taken back"), kind="words", vocabulary="payment_reversal", source="reversal__kind"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
)
CHANGES = (
    Column("kind", _("What"), kind="words", vocabulary="hand_change", filter="choice", choices=KINDS,
           href=lambda row: reverse("hand_change", args=[row["id"]])),
    Column("source", _("From account"), kind="code", source="from_account__number", filter="text"),
    Column("target", _("To account"), kind="code", source="to_account__number", filter="text"),
    Column("words", _("Reason"), source="words_en"),
    Column("state", _("Status"), kind="status", vocabulary="adjustment_state", filter="choice",
           choices=("proposed", "done", "refused", "withdrawn")),
    Column("asker", _("Asked by"), source="asked_by__actor__username", filter="text"),
    Column("decider", _("Decided by"), source="decided_by__actor__username", spare=True),
    Column("effective_on", _("Effective"), kind="date"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
)  # fmt: skip
RELATIONS = (
    Column("username", _("Sign-in"), source="user__username", filter="text",
           href=lambda row: reverse("end_relation", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("kind", _("Relation"), kind="words", vocabulary="relation", filter="choice", choices=("own", "family")),
    Column("since", _("From"), kind="date", source="validity__startswith"),
    Column("ends", _("Until"), kind="date", source="validity__endswith"),
    Column("declared_by", _("Declared by"), source="deed__actor__username", spare=True),
)  # fmt: skip
