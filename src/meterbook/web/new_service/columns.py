"""Columns of permits and quotes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meterbook.web.kit.cells import Column
from meterbook.web.kit.language import bilingual

PERMITS = (
    Column("number", _("Permit"), kind="code", filter="text", href=lambda row: reverse("permit", args=[row["id"]])),
    Column("address_line", _("Where"), filter="text"),
    Column("kind", _("What"), filter="text"),
    Column("issued_on", _("Issued"), kind="date"),
    Column("parcel_number", _("Parcel"), kind="code", filter="text", spare=True),
    Column("applicant", _("For"), filter="text", spare=True),
    Column("state", _("Status"), kind="status", vocabulary="permit_state", filter="choice",
           choices=("waits", "taken", "dismissed")),
    Column("changed", _("Changed since"), kind="flag"),
)  # fmt: skip


def quote_columns() -> tuple[Column, ...]:
    """Columns of quotes; the work comes in the reader's language."""
    return (
        Column("number", _("Quote"), kind="code", filter="text", href=lambda row: reverse("quote", args=[row["id"]])),
        Column("name", _("For"), filter="text"),
        Column("address_line", _("Where"), filter="text"),
        Column(f"words_{bilingual()}", _("What"), filter="text"),
        Column("size", _("Size"), kind="code", spare=True),
        Column("total_cents", _("Total, $"), kind="money", total=True),
        Column("issued_on", _("Issued"), kind="date", spare=True),
        Column("valid_until", _("Holds until"), kind="date"),
        Column("state", _("Status"), kind="status", vocabulary="quote_state", filter="choice",
               choices=("issued", "accepted", "withdrawn")),
    )  # fmt: skip
