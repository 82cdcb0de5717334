"""Protections written and ended as part of another deed: a dispute taken, an arrangement made."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.records.customers.models import Account, Protection
from meterbook.records.platform.models import Deed

#: Taken and ended by disputes alone, which name the charges; nobody records it by hand.
DISPUTE = "dispute"


def protect(
    deed: Deed, *, account: Account, kind: str, evidence: str, starts: date, ends: date | None = None
) -> Protection:
    """Let ``kind`` protect an account from ``starts`` up to, not including, ``ends``."""
    return Protection.objects.create(
        account=account, kind=kind, evidence=evidence[:300], validity=DateRange(starts, ends), deed=deed
    )


def end_protection(deed: Deed, protection: Protection) -> Protection:
    """End a protection with the deed's day; one that began that day has held that day."""
    locked = Protection.objects.select_for_update().get(pk=protection.pk)
    ends = max(deed.business_date, locked.validity.lower + timedelta(days=1))
    if locked.validity.upper is None or locked.validity.upper > ends:
        locked.validity = DateRange(locked.validity.lower, ends)
        locked.save(update_fields=["validity"])
    return locked
