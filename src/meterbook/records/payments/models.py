"""Money that arrived: batches as the bank or the counter delivered them, payments, and what nobody can place yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, ImportBatch


class PaymentBatch(models.Model):
    """A deposit's worth of payments with control totals."""

    number = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=20, help_text="lockbox, counter, …")
    received_on = models.DateField()
    count = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    source = models.OneToOneField(ImportBatch, models.PROTECT, null=True, related_name="payment_batch")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_batches")

    class Meta:
        triggers = append_only("payment_batch")


class Payment(models.Model):
    """One payment; without an account it waits in suspense under the number the payer wrote."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="payments")
    written_account = models.CharField(max_length=40, help_text="account number as it came")
    amount_cents = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=60, blank=True)
    line = models.PositiveIntegerField(null=True, help_text="line in the imported file")

    class Meta:
        constraints = [models.CheckConstraint(name="payment_positive", condition=Q(amount_cents__gt=0))]
        triggers = append_only("payment")
