"""Putting charges under dispute and releasing them, as part of a deed of the area that takes disputes."""

from __future__ import annotations

from collections.abc import Mapping

from meterbook.records.customers.models import Account, Protection
from meterbook.records.customers.protecting import DISPUTE, end_protection, protect
from meterbook.records.ledger.disputes.models import DisputedItem
from meterbook.records.platform.models import Deed


def dispute_items(deed: Deed, *, account: Account, cents: Mapping[int, int], evidence: str) -> Protection:
    """Protect these cents of these open items from the deed's day on, until they are released."""
    made = protect(deed, account=account, kind=DISPUTE, evidence=evidence, starts=deed.business_date)
    DisputedItem.objects.bulk_create(
        DisputedItem(protection=made, item_id=item, amount_cents=amount, deed=deed) for item, amount in cents.items()
    )
    return made


def release_items(deed: Deed, protection: Protection) -> None:
    """Release everything under a protection at once, and end it."""
    for row in DisputedItem.objects.select_for_update().filter(protection=protection, released_by__isnull=True):
        row.released_by = deed
        row.save(update_fields=["released_by"])
    end_protection(deed, protection)
