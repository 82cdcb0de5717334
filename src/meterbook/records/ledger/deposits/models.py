"""The deposit subledger: what was received, and every use of it. What is left is held for the customer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed


class Deposit(models.Model):
    """Security a customer paid: for one service, or for the account in general where ``service`` is empty."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="deposits")
    service = models.CharField(max_length=20, blank=True)
    amount_cents = models.BigIntegerField()
    received_on = models.DateField()
    liability = models.ForeignKey("ledger.LedgerAccount", models.PROTECT, related_name="deposits")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="deposits")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="deposit_positive", condition=Q(amount_cents__gt=0))]
        triggers = append_only("deposit")


class DepositUse(models.Model):
    """A part of a deposit that is no longer held: applied to what the account owed, refunded, or moved along."""

    APPLIED, REFUNDED, MOVED = "applied", "refunded", "moved"
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField()
    used_on = models.DateField()
    bill = models.CharField(max_length=24, blank=True, help_text="number of the bill that shows it")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="deposit_uses")

    class Meta:
        constraints = [
            models.CheckConstraint(name="deposit_use_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="deposit_use_kind", condition=Q(kind__in=["applied", "refunded", "moved"])),
        ]
        triggers = append_only("deposit_use")
