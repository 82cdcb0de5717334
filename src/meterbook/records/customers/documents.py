"""The papers of an account: what is kept with it, as it came."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.functions import Length

from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Attachment

#: What a browser may show by itself; everything else is saved.
SHOWN = ("application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain")


def documents(account_id: int, limit: int | None = None) -> list[Any]:
    """The files kept with an account, without their content, the newest first."""
    rows = Attachment.objects.filter(subject=f"account:{account_id}").order_by("-pk")
    found = rows.annotate(size=Length("content")).values(
        "id", "file_name", "content_type", "size", on=F("deed__business_date"), at=F("deed__recorded_at"),
        by=F("deed__actor__username"), why=F("deed__reason"),
    )  # fmt: skip
    return list(found[:limit] if limit else found)


def document(account_id: int, attachment_id: int) -> Attachment | None:
    """One file of an account with its content, or nothing."""
    return Attachment.objects.filter(subject=f"account:{account_id}", pk=attachment_id).first()


def number_of(account_id: int) -> str:
    """The number of an account."""
    return Account.objects.values_list("number", flat=True).get(pk=account_id)
