"""Columns of the autopay tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row

_STATES = ("new", "waiting", "active", "suspended", "ended")
_DRAFTS = ("waiting", "selected", "held", "refused", "dropped", "filed", "settled", "returned", "reversed")


def _account(row: Row) -> str:
    return reverse("account", args=[row["number"]]) if row["number"] else ""


ENROLMENTS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: reverse("enrolment", args=[row["id"]])),
    Column("holder", _("Holder"), source="account__holder__name", filter="text"),
    Column("last_four", _("Bank account"), kind="code", filter="text"),
    Column("account_type", _("Kind"), kind="words", vocabulary="bank_account_type", spare=True),
    Column("state", _("Status"), kind="status", vocabulary="enrolment_state", filter="choice", choices=_STATES),
    Column("day", _("Day"), kind="count", spare=True),
    Column("authorised_on", _("Authorised"), kind="date"),
    Column("drafts_from", _("Drafts from"), kind="date", spare=True),
    Column("validation", _("Validation"), kind="words", vocabulary="validation", spare=True),
    Column("why", _("Why"), spare=True),
)  # fmt: skip
RUNS = (
    Column("number", _("Run"), kind="code", href=lambda row: reverse("draft_run", args=[row["id"]])),
    Column("selected_on", _("Selected"), kind="date"),
    Column("state", _("Status"), kind="status", vocabulary="draft_run_state", filter="choice",
           choices=("selected", "asked", "approved", "filed", "cancelled")),
    Column("free", _("Free to go"), kind="count"),
    Column("held", _("Held"), kind="count"),
    Column("gone", _("Sent"), kind="count"),
    Column("cents", _("Total, $"), kind="money"),
    Column("file_number", _("File"), kind="code", source="file__number", spare=True,
           href=lambda row: reverse("ach_file", args=[row["file_key"]]) if row["file_key"] else ""),
)  # fmt: skip
DRAFTS = (
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=_account),
    Column("holder", _("Holder"), source="account__holder__name", filter="text", spare=True),
    Column("bill_number", _("Bill"), kind="code", source="bill__number", spare=True,
           href=lambda row: reverse("bill", args=[row["bill_id"]])),
    Column("asked_cents", _("Bill asked, $"), kind="money", spare=True),
    Column("amount_cents", _("Draft, $"), kind="money", total=True),
    Column("settle_on", _("Settles"), kind="date"),
    Column("state", _("Status"), kind="status", vocabulary="draft_state", filter="choice", choices=_DRAFTS,
           href=lambda row: reverse("decide_draft", args=[row["id"]]) if row["state"] == "held" else ""),
    Column("why", _("Why"), sort=False),
)  # fmt: skip
FILES = (
    Column("number", _("File"), kind="code", href=lambda row: reverse("ach_file", args=[row["id"]]), filter="text"),
    Column("kind", _("Kind"), kind="words", vocabulary="ach_kind", filter="choice",
           choices=("drafts", "prenotes", "refunds", "reversal")),
    Column("made_on", _("Written"), kind="date"),
    Column("made_by", _("By"), source="deed__actor__username", spare=True),
    Column("entries", _("Entries"), kind="count", total=True),
    Column("debit_cents", _("Debits, $"), kind="money", total=True),
    Column("credit_cents", _("Credits, $"), kind="money", total=True, spare=True),
)  # fmt: skip
ENTRIES = (
    Column("trace", _("Trace"), kind="code", filter="text"),
    Column("number", _("Account"), kind="code", source="enrolment__account__number", filter="text", href=_account),
    Column("name", _("Name"), source="enrolment__name", spare=True),
    Column("sec", _("Class"), kind="code", filter="text", spare=True),
    Column("transaction_code", _("Code"), kind="count", spare=True),
    Column("settle_on", _("Settles"), kind="date"),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("draft_state", _("Status"), kind="status", source="draft__state", vocabulary="draft_state"),
)  # fmt: skip
ANSWERS = (
    Column("code", _("Code"), kind="code", filter="text"),
    Column("kind", _("Kind"), kind="words", vocabulary="bank_answer", filter="choice", choices=("return", "change")),
    Column("number", _("Account"), kind="code", source="entry__enrolment__account__number", filter="text",
           href=lambda row: reverse("enrolment", args=[row["enrolment_key"]]) if row["enrolment_key"] else ""),
    Column("amount_cents", _("Amount, $"), kind="money", total=True),
    Column("said", _("What was done"), sort=False),
    Column("outcome", _("Status"), kind="status", vocabulary="answer_outcome", filter="choice",
           choices=("applied", "unmatched"), href=lambda row: reverse("settle_answer", args=[row["id"]])
           if row["outcome"] == "unmatched" and not row["settled_by_id"] else ""),
    Column("original_trace", _("Trace"), kind="code", filter="text", spare=True),
    Column("taken_on", _("Taken in"), kind="date", source="file__taken_on"),
    Column("file_name", _("File"), source="file__file_name", spare=True),
)  # fmt: skip
