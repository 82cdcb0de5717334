"""Columns of the tables of refunds."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row


def _account(row: Row) -> str:
    return reverse("account", args=[row["number"]])


CREDITS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("account_credit", args=[row["number"]])),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("left_on", _("Left on"), kind="date", spare=True),
    Column("since", _("Credit since"), kind="date", spare=True),
    Column("cents", _("Credit, $"), kind="money", total=True),
    Column("asked_cents", _("Asked for, $"), kind="money", total=True, spare=True),
    Column("standing", _("Status"), kind="status", vocabulary="open_credit_standing", sort=False),
    Column("suggests", _("Usually"), kind="words", vocabulary="credit_suggests", sort=False, spare=True),
    Column("next_on", _("Looked at"), kind="date", sort=False, spare=True),
)  # fmt: skip
REFUNDS = (
    Column("id", _("Refund"), kind="code", href=lambda row: reverse("refund", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("payee", _("Payee"), filter="text"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("how", _("How"), kind="words", vocabulary="refund_how", filter="choice",
           choices=("check", "ach", "transfer", "account")),
    Column("source", _("Comes from"), kind="words", vocabulary="refund_source", filter="choice", spare=True,
           choices=("credit", "deposit", "rebate", "unclaimed", "other")),
    Column("state", _("Status"), kind="status", vocabulary="refund_state", filter="choice",
           choices=("proposed", "owed", "sent", "paid", "kept", "unclaimed", "refused", "withdrawn")),
    Column("reference", _("Check or trace"), kind="code", spare=True, sort=False),
    Column("asker", _("Asked by"), source="proposed_by__actor__username", spare=True),
    Column("decider", _("Decided by"), source="decided_by__actor__username", spare=True),
    Column("decided_on", _("On"), kind="date", source="decided_by__business_date", spare=True),
)  # fmt: skip
PAYOUTS = (
    Column("id", _("Voucher"), kind="code", href=lambda row: reverse("refund", args=[row["refund_id"]])),
    Column("reference", _("Check or trace"), kind="code", filter="text"),
    Column("payee", _("Payee"), filter="text"),
    Column("number", _("Account"), kind="code", source="refund__account__number", filter="text", spare=True,
           href=_account),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("how", _("How"), kind="words", vocabulary="refund_how", filter="choice", choices=("check", "ach"),
           spare=True),
    Column("state", _("Status"), kind="status", vocabulary="payout_state", filter="choice",
           choices=("waiting", "exported", "issued", "cleared", "cancelled", "voided", "stopped", "returned", "stale")),
    Column("issued_on", _("Issued on"), kind="date"),
    Column("cleared_on", _("Cleared on"), kind="date", spare=True),
    Column("why", _("Why it ended"), spare=True),
)  # fmt: skip
UNCLAIMED = (
    Column("id", _("Number"), kind="code", href=lambda row: reverse("unclaimed_one", args=[row["id"]])),
    Column("owner", _("Owner"), filter="text"),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("since", _("Last contact"), kind="date"),
    Column("letter_on", _("Letter"), kind="date", spare=True),
    Column("claim_by", _("Claims until"), kind="date", source="publication__claim_by", spare=True),
    Column("state", _("Status"), kind="status", vocabulary="unclaimed_state", filter="choice",
           choices=("found", "published", "claimed", "taken_over", "reported")),
)  # fmt: skip
REBATES = (
    Column("id", _("Number"), kind="code", href=lambda row: reverse("rebate", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("name", _("Holder"), source="account__holder__name", spare=True),
    Column("programme", _("Programme"), filter="text"),
    Column("units", _("Units"), kind="count"),
    Column("amount_cents", _("Rebate, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="rebate_state", filter="choice",
           choices=("asked", "granted", "refused", "withdrawn")),
    Column("fiscal_year", _("Fiscal year"), kind="code", spare=True),
    Column("asker", _("Taken in by"), source="deed__actor__username", spare=True),
)  # fmt: skip
BATCHES = (
    Column("id", _("Batch"), kind="code", href=lambda row: reverse("small_batch", args=[row["id"]])),
    Column("asked_on", _("Asked on"), kind="date", source="proposed_by__business_date"),
    Column("lines", _("Lines"), kind="count", total=True),
    Column("net_cents", _("Net, $"), kind="money", total=True),
    Column("state", _("Status"), kind="status", vocabulary="small_state"),
    Column("asker", _("Asked by"), source="proposed_by__actor__username", spare=True),
    Column("decider", _("Decided by"), source="decided_by__actor__username", spare=True),
)  # fmt: skip
