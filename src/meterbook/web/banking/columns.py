"""Columns of the bank's tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column, Row


def line_link(row: Row) -> str:
    """Where a line opens."""
    return reverse("bank_line", args=[row["id"]])


LINES = (
    Column("booked_on", _("Booked"), kind="date", href=line_link),
    Column("amount_cents", _("Amount, $"), kind="money", total=True, href=line_link),
    Column("code", _("Code"), kind="code", filter="text", spare=True),
    Column("kind", _("Kind"), filter="text", spare=True),
    Column("text", _("Text"), filter="text"),
    Column("reference", _("Reference"), kind="code", filter="text", spare=True),
    Column("counterparty", _("From or to"), filter="text", spare=True),
)
OPEN_LINES = (*LINES, Column("bank", _("Bank account"), source="statement__bank_account__name", spare=True))
STATEMENTS = (
    Column("as_of", _("As of"), kind="date", href=lambda row: reverse("bank_statement", args=[row["id"]])),
    Column("bank", _("Bank account"), source="bank_account__name", filter="text"),
    Column("number", _("Number"), kind="code", filter="text", spare=True),
    Column("opening_cents", _("Opening, $"), kind="money", spare=True),
    Column("closing_cents", _("Closing, $"), kind="money"),
    Column("lines_count", _("New lines"), kind="count"),
    Column("file_name", _("File"), source="source__file_name", spare=True),
)
MATCHES = (
    Column("on", _("At the bank"), kind="date"),
    Column("cents", _("Amount, $"), kind="money", total=True),
    Column("kind", _("Found"), kind="words", vocabulary="bank_match", filter="choice",
           choices=("automatic", "manual", "booked")),
    Column("against_code", _("Ledger account"), source="against__code", kind="code", spare=True),
    Column("by", _("By"), source="deed__actor__username"),
)  # fmt: skip
