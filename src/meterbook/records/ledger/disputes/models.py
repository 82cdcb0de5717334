"""Which charges a dispute is about, and how much of each."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Protection
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Deed


class DisputedItem(models.Model):
    """An open charge, or a part of one, that a customer contests; protected until it is released.

    Written and released by the deeds of disputes alone. ``amount_cents`` is what was contested when it was taken.
    """

    protection = models.ForeignKey(Protection, models.PROTECT, related_name="disputed_items")
    item = models.ForeignKey("ledger.OpenItem", models.PROTECT, related_name="disputed", db_constraint=False)
    amount_cents = models.BigIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="items_disputed")
    released_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="items_released")

    class Meta:
        constraints = [
            models.CheckConstraint(name="disputed_item_positive", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["protection", "item"], name="disputed_item_once"),
        ]
        triggers = [
            never_deleted("disputed_item"),
            pgtrigger.ReadOnly(
                name="disputed_item_keeps_its_facts", fields=["protection", "item", "amount_cents", "deed"]
            ),
        ]
