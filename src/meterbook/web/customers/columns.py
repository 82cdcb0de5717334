"""Columns of the customer tables."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.records.places.screens import COMMODITIES
from meterbook.web.kit.cells import Column, Row
from meterbook.web.kit.language import bilingual


def account_link(row: Row) -> str:
    """Where a row's account opens."""
    number = row.get("account_number") or row.get("number")
    return reverse("account", args=[number]) if number else ""


ACCOUNTS = (
    Column("number", _("Account"), kind="code", filter="text", href=account_link),
    Column("name", _("Holder"), source="holder__name", filter="text"),
    Column("address", _("Service address"), sort=False),
    Column("cycle_code", _("Cycle"), source="cycle__code", filter="text", spare=True),
    Column("opened_on", _("Opened"), kind="date", spare=True),
    Column("closed_on", _("Closed"), kind="date", spare=True),
    Column("balance", _("Balance, $"), kind="money", sort=False),
)


def entry_columns() -> tuple[Column, ...]:
    """Columns of an account's transfers; the chart's titles come in the reader's language."""
    language = bilingual()
    return (
        Column("effective_on", _("Effective"), kind="date"),
        Column("period_code", _("Period"), kind="code", source="period__code", filter="text", spare=True),
        Column("source_kind", _("What"), kind="words", vocabulary="entry_source", filter="choice",
               choices=("bill", "payment", "allocation", "reversal")),
        Column("service", _("Service"), kind="words", vocabulary="commodity", filter="choice", choices=COMMODITIES),
        Column(f"debit_{language}", _("Debit"), source=f"debit__title_{language}", filter="text"),
        Column(f"credit_{language}", _("Credit"), source=f"credit__title_{language}", filter="text"),
        Column("amount_cents", _("Amount, $"), kind="money"),
        Column("by", _("Recorded by"), source="deed__actor__username", spare=True),
        Column("recorded_at", _("Recorded at"), kind="moment", spare=True),
    )  # fmt: skip
