"""Money that arrived: batches as the bank or the counter delivered them, payments, where they went, what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.payments.by_hand.models import CarriedItem, HandChange
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, ImportBatch

__all__ = [
    "TENDERS", "CarriedItem", "HandChange", "Payment", "PaymentBatch", "PaymentMove", "PaymentReversal", "ReversedPart",
]  # fmt: skip

#: What was handed over. ``ach`` is a draft or credit through the banks, ``echeck`` one the payer began himself.
TENDERS = ("cash", "check", "money_order", "card", "ach", "echeck", "bill_pay", "wire", "other")


class PaymentBatch(models.Model):
    """A deposit's worth of payments with control totals."""

    number = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=20, help_text="lockbox, counter, bill_pay, autopay, online, …")
    received_on = models.DateField()
    count = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    source = models.OneToOneField(ImportBatch, models.PROTECT, null=True, related_name="payment_batch")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_batches")

    class Meta:
        triggers = append_only("payment_batch")


class Payment(models.Model):
    """One payment; without an account it waits in suspense under the number the payer wrote.

    ``account`` is where it went first; a `PaymentMove` says where it went later. ``key`` is what the sender calls it:
    the same key is never taken twice. ``into`` is the ledger account its money went into.
    """

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="payments")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="payments")
    written_account = models.CharField(max_length=40, help_text="account number as it came")
    amount_cents = models.BigIntegerField()
    received_on = models.DateField()
    tender = models.CharField(max_length=12, db_default="check", default="check")
    reference = models.CharField(max_length=60, blank=True, help_text="check number, trace, transaction")
    payer = models.CharField(max_length=80, blank=True, default="", db_default="", help_text="name as it came")
    payer_mark = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="keyed hash of the payer's bank account"
    )
    key = models.CharField(max_length=80, null=True, unique=True)
    into = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    line = models.PositiveIntegerField(null=True, help_text="line in the imported file")
    for_bill = models.ForeignKey(
        Bill, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        help_text="the bill the payer wants paid first",
    )  # fmt: skip
    for_service = models.CharField(max_length=20, blank=True, default="", db_default="", help_text="the service")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="payment_tender", condition=Q(tender__in=TENDERS)),
        ]
        indexes = [
            models.Index(fields=["received_on"]),
            models.Index(fields=["payer_mark"], condition=~Q(payer_mark=""), name="payment_payer_mark"),
        ]
        triggers = append_only("payment")


class PaymentMove(models.Model):
    """Cents of a payment that went somewhere else: out of suspense, into it, or to another account."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="moves")
    from_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="payments_moved_away")
    to_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="payments_moved_here")
    amount_cents = models.BigIntegerField()
    moved_on = models.DateField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_moves")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_move_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="payment_move_goes_somewhere",
                condition=~Q(from_account__isnull=True, to_account__isnull=True) & ~Q(from_account=F("to_account")),
            ),
        ]
        triggers = append_only("payment_move")


class PaymentReversal(models.Model):
    """A payment that turned out not to be one: returned by the bank, charged back, voided, posted by mistake."""

    RETURNED, CHARGEBACK, VOID, UNPOSTED = "returned", "chargeback", "void", "unposted"
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="reversal")
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=12, blank=True, help_text="the bank's or the office's reason code, like R01")
    reversed_on = models.DateField()
    out_of = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_reversals")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_reversal_kind", condition=Q(kind__in=["returned", "chargeback", "void", "unposted"])
            )
        ]
        triggers = append_only("payment_reversal")


class ReversedPart(models.Model):
    """What a reversal took from one account, or from suspense where there is none."""

    reversal = models.ForeignKey(PaymentReversal, models.PROTECT, related_name="parts")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="payments_taken_back")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="reversed_part_positive", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(
                fields=["reversal", "account"], nulls_distinct=False, name="reversed_part_once_an_account"
            ),
        ]
        triggers = append_only("reversed_part")
