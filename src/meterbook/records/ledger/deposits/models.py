"""The deposit subledger: what was received, and every use of it. What is left is held for the customer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, Document


class Deposit(models.Model):
    """Security a customer paid: for one service, or for the account in general where ``service`` is empty.

    An instalment becomes a deposit by being settled: one row for what one credit gave one charge. ``since`` is the day
    the money was first held, wherever it was moved from.
    """

    RECEIVED, INSTALMENT, MOVED, INTEREST = "received", "instalment", "moved", "interest"

    account = models.ForeignKey(Account, models.PROTECT, related_name="deposits")
    service = models.CharField(max_length=20, blank=True)
    amount_cents = models.BigIntegerField()
    received_on = models.DateField()
    kind = models.CharField(max_length=10, default=RECEIVED, db_default=RECEIVED)
    since = models.DateField(null=True, help_text="first held, where that was before it was received here")
    charge = models.ForeignKey("ledger.OpenItem", models.PROTECT, null=True, related_name="deposits")
    credit = models.ForeignKey("ledger.OpenItem", models.PROTECT, null=True, related_name="+", db_index=False)
    moved_from = models.OneToOneField("ledger.DepositUse", models.PROTECT, null=True, related_name="moved_to")
    liability = models.ForeignKey("ledger.LedgerAccount", models.PROTECT, related_name="deposits")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="deposits")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="deposit_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="deposit_comes_from",
                condition=Q(kind__in=["received", "interest"], charge=None, credit=None, moved_from=None)
                | Q(kind="instalment", charge__isnull=False, credit__isnull=False, moved_from=None)
                | Q(kind="moved", charge=None, credit=None, moved_from__isnull=False),
            ),
        ]
        triggers = append_only("deposit")


class DepositUse(models.Model):
    """A part of a deposit that is no longer held: applied to what the account owed, refunded, or moved along.

    ``returned``: it never was one, because the payment behind the instalment came back.
    """

    APPLIED, REFUNDED, MOVED, RETURNED = "applied", "refunded", "moved", "returned"
    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField()
    used_on = models.DateField()
    bill = models.CharField(max_length=24, blank=True, help_text="number of the bill that shows it")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="deposit_uses")

    class Meta:
        constraints = [
            models.CheckConstraint(name="deposit_use_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="deposit_use_kind", condition=Q(kind__in=["applied", "refunded", "moved", "returned"])
            ),
        ]
        triggers = append_only("deposit_use")


class DepositInterest(models.Model):
    """Interest on one deposit given to the customer: all that had run up to a day, less what was given before.

    Below zero where earlier interest was too much, because the money turned out never to have been held.
    """

    deposit = models.ForeignKey(Deposit, models.PROTECT, related_name="interest")
    upto = models.DateField(help_text="the first day no longer counted")
    amount_cents = models.BigIntegerField()
    to = models.CharField(max_length=8, help_text="account or deposit: where it was credited")
    service = models.CharField(max_length=20)
    bill = models.CharField(max_length=24, blank=True, help_text="number of the bill that shows it")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy with the rates")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="deposit_interest")

    class Meta:
        constraints = [
            models.CheckConstraint(name="deposit_interest_not_nothing", condition=~Q(amount_cents=0)),
            models.CheckConstraint(name="deposit_interest_to", condition=Q(to__in=["account", "deposit"])),
        ]
        triggers = append_only("deposit_interest")
