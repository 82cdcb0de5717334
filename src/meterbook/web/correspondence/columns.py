"""Columns of letters, templates and mailings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.customers.columns import account_link
from meterbook.web.kit.cells import Column
from meterbook.web.kit.language import bilingual

LETTERS = (
    Column("written_on", _("Written"), kind="date"),
    Column("subject", _("Letter"), filter="text", href=lambda row: reverse("letter", args=[row["id"]])),
    Column("number", _("Account"), kind="code", source="account__number", filter="text", href=account_link),
    Column("name", _("Holder"), source="account__holder__name", filter="text"),
    Column("language", _("Language"), kind="words", vocabulary="language", filter="choice", choices=("en", "es"),
           spare=True),
    Column("code", _("From the template"), kind="code", source="version__template__code", filter="text", spare=True),
    Column("by", _("Written by"), source="deed__actor__username", filter="text", spare=True),
)  # fmt: skip
MAILINGS = (
    Column("written_on", _("Written"), kind="date"),
    Column("code", _("Letter"), kind="code", source="version__template__code", filter="text",
           href=lambda row: reverse("mailing", args=[row["id"]])),
    Column("letters", _("Letters"), kind="count", total=True),
    Column("by", _("Written by"), source="deed__actor__username", filter="text"),
)  # fmt: skip


def template_columns() -> tuple[Column, ...]:
    """Columns of the templates; titles come in the reader's language."""
    return (
        Column("code", _("Code"), kind="code", filter="text",
               href=lambda row: reverse("letter_template", args=[row["code"]])),
        Column(f"title_{bilingual()}", _("Letter"), filter="text"),
        Column("in_use", _("In use"), kind="flag"),
        Column("sequence", _("Version"), kind="count"),
        Column("saved_on", _("Saved on"), kind="date"),
        Column("saved_by", _("Saved by"), spare=True),
    )  # fmt: skip
