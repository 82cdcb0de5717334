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


def end_protection(deed: Deed, protection: Protection, *, ends: date | None = None) -> Protection:
    """End a protection with the deed's day, or let it run until before ``ends``.

    One that began today has held today.
    """
    locked = Protection.objects.select_for_update().get(pk=protection.pk)
    until = max(ends or deed.business_date, locked.validity.lower + timedelta(days=1))
    if ends is not None or locked.validity.upper is None or locked.validity.upper > until:
        locked.validity = DateRange(locked.validity.lower, until)
        locked.save(update_fields=["validity"])
    return locked


def keep_protecting(protection: Protection) -> Protection:
    """Let a protection that was to end go on until somebody ends it."""
    locked = Protection.objects.select_for_update().get(pk=protection.pk)
    locked.validity = DateRange(locked.validity.lower, None)
    locked.save(update_fields=["validity"])
    return locked
