"""Tables of small balances."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


class SmallBatch(models.Model):
    """Small balances written down together: shown line by line, approved by a second person, then booked."""

    PROPOSED, BOOKED, REFUSED = "proposed", "booked", "refused"
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy refunds")
    against = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="small_batches")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="small_batches_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="small_batches_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="small_batch_state", condition=Q(state__in=["proposed", "booked", "refused"])),
            models.UniqueConstraint(fields=["state"], condition=Q(state="proposed"), name="small_batch_one_waiting"),
        ]
        triggers = [
            never_deleted("small_batch"),
            pgtrigger.ReadOnly(name="small_batch_keeps_its_facts", fields=["document", "against", "proposed_by"]),
        ]


class SmallRow(models.Model):
    """An open item written down: above zero a debt forgiven, below zero a credit taken in.

    Its id is the ledger's source of kind ``write_off``. ``booked`` says whether it still stood when it was decided.
    """

    batch = models.ForeignKey(SmallBatch, models.PROTECT, related_name="rows")
    account = models.ForeignKey(Account, models.PROTECT, related_name="small_rows")
    item = models.ForeignKey(OpenItem, models.PROTECT, related_name="small_rows")
    amount_cents = models.BigIntegerField()
    booked = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="small_row_not_nothing", condition=~Q(amount_cents=0)),
            models.UniqueConstraint(fields=["batch", "item"], name="small_row_once"),
        ]
        triggers = [
            never_deleted("small_row"),
            pgtrigger.ReadOnly(name="small_row_keeps_its_facts", fields=["batch", "account", "item", "amount_cents"]),
        ]
