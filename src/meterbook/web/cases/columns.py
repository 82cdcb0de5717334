"""Columns of the lists of cases."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column, Row


def case_link(row: Row) -> str:
    """Where a case opens."""
    return reverse("case", args=[row["id"]])


CASES = (
    Column("id", _("Case"), kind="code", href=case_link),
    Column("words", _("What"), source="words_en", filter="text", href=case_link),
    Column("kind", _("Kind"), kind="words", vocabulary="case_kind", filter="choice", spare=True,
           choices=("complaint", "referral", "revenue_protection")),
    Column("number", _("Account"), kind="code", source="account__number", filter="text",
           href=lambda row: account_link(row) if row["number"] else ""),
    Column("who", _("Who"), source="account__holder__name", filter="text"),
    Column("answer_by", _("Answer by"), kind="date"),
    Column("late", _("Overdue"), kind="flag", source="overdue"),
    Column("disputed_cents", _("In dispute, $"), kind="money", source="dispute__amount_cents", spare=True),
    Column("owner_name", _("Owner"), source="owner__username", filter="text"),
    Column("team_role", _("Whose work"), kind="words", vocabulary="role", source="role", spare=True),
    Column("state", _("State"), kind="status", vocabulary="case_stands", filter="choice", choices=("open", "closed")),
    Column("opened_on", _("Taken on"), kind="date", spare=True),
)  # fmt: skip
