"""Tables of the counter: a cashier's drawer for a day, receipts and what was handed over, counts, the bag to the bank.

Nothing here is edited: a receipt is voided by another row, a count is followed by another count. A drawer's row alone
moves, from open to counted to closed, and is locked by whoever writes a receipt into it: the receipts of a drawer are
numbered 1, 2, 3 without a gap, and drawers never wait for one another.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.cashiering import guards
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import Deposit, LedgerAccount
from meterbook.records.payments.models import Payment
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, User

_KINDS = ("payment", "sale", "deposit")
_TENDERS = ("cash", "check", "money_order", "card")


class BankDeposit(models.Model):
    """A bag on its way to the bank: what it holds in cash and beside cash. The bank's line shows ``amount_cents``."""

    bag = models.CharField(max_length=30, unique=True, help_text="number printed on the sealed bag")
    made_on = models.DateField()
    cash_cents = models.BigIntegerField()
    noncash_cents = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="bank_deposits")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bank_deposits")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bank_deposit_adds_up",
                condition=Q(amount_cents=F("cash_cents") + F("noncash_cents"))
                & Q(amount_cents__gt=0, cash_cents__gte=0, noncash_cents__gte=0),
            ),
            models.CheckConstraint(name="bank_deposit_has_bag", condition=~Q(bag="")),
        ]
        triggers = append_only("bank_deposit")


class Drawer(models.Model):
    """One cashier's cash drawer from the float put into it until two people have counted it."""

    OPEN, COUNTED, CLOSED = "open", "counted", "closed"
    station = models.CharField(max_length=20, help_text="window or desk")
    cashier = models.ForeignKey(User, models.PROTECT, related_name="drawers")
    business_date = models.DateField()
    float_cents = models.BigIntegerField(help_text="change lent in the morning and put back at night")
    state = models.CharField(max_length=8, default=OPEN)
    receipts = models.PositiveIntegerField(default=0, help_text="number of the last receipt")
    over_short_cents = models.BigIntegerField(null=True, help_text="above zero over, below zero short")
    over_short_reason = models.CharField(max_length=40, blank=True, default="")
    note = models.TextField(blank=True, default="")
    deposit = models.ForeignKey(BankDeposit, models.PROTECT, null=True, related_name="drawers")
    opened = models.ForeignKey(Deed, models.PROTECT, related_name="drawers_opened")
    closed = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="drawers_closed")

    class Meta:
        indexes = [models.Index(fields=["business_date"])]
        constraints = [
            models.CheckConstraint(name="drawer_state", condition=Q(state__in=["open", "counted", "closed"])),
            models.CheckConstraint(name="drawer_float", condition=Q(float_cents__gte=0)),
            models.CheckConstraint(
                name="drawer_closed_is_settled",
                condition=Q(state="closed", closed__isnull=False, over_short_cents__isnull=False)
                | Q(closed__isnull=True, over_short_cents__isnull=True, deposit__isnull=True) & ~Q(state="closed"),
            ),
            models.CheckConstraint(
                name="drawer_difference_has_reason",
                condition=Q(over_short_cents__isnull=True) | Q(over_short_cents=0) | ~Q(over_short_reason=""),
            ),
            models.UniqueConstraint(fields=["cashier"], condition=~Q(state="closed"), name="drawer_one_a_cashier"),
            models.UniqueConstraint(fields=["station"], condition=~Q(state="closed"), name="drawer_one_a_station"),
        ]
        triggers = [
            never_deleted("drawer"),
            pgtrigger.ReadOnly(
                name="drawer_keeps_its_facts",
                fields=["station", "cashier", "business_date", "float_cents", "opened"],
            ),
            *guards.DRAWER,
        ]


class Receipt(models.Model):
    """What a customer was given for what he paid; ``key`` is made by the page when it is opened, and works once."""

    drawer = models.ForeignKey(Drawer, models.PROTECT, related_name="slips")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64, help_text="hash of what was sent with the key")
    received_on = models.DateField()
    language = models.CharField(max_length=2, default="en")
    total_cents = models.BigIntegerField()
    change_cents = models.BigIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="receipts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drawer", "number"], name="receipt_number_once"),
            models.CheckConstraint(
                name="receipt_amounts", condition=Q(total_cents__gt=0, change_cents__gte=0, number__gte=1)
            ),
        ]
        triggers = [*append_only("receipt"), *guards.RECEIPT]


class ReceiptLine(models.Model):
    """What was paid for: an account's bill, something sold at the counter, or a deposit."""

    PAYMENT, SALE, DEPOSIT = _KINDS
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="receipt_lines")
    amount_cents = models.BigIntegerField()
    code = models.CharField(max_length=40, blank=True, default="", help_text="of the policy counter-sales")
    words_en = models.CharField(max_length=120, blank=True, default="")
    words_es = models.CharField(max_length=120, blank=True, default="")
    against = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+")
    deposit = models.OneToOneField(Deposit, models.PROTECT, null=True, related_name="receipt_line")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "position"], name="receipt_line_once"),
            models.CheckConstraint(name="receipt_line_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="receipt_line_kind",
                condition=Q(kind="payment", account__isnull=False, against__isnull=True, deposit__isnull=True)
                | Q(kind="sale", against__isnull=False, deposit__isnull=True)
                | Q(kind="deposit", account__isnull=False, against__isnull=True, deposit__isnull=False),
            ),
        ]
        triggers = append_only("receipt_line")


class Tender(models.Model):
    """What was handed over: cash as given, before change; a check with its bank and the end of its account number."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="tenders")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    amount_cents = models.BigIntegerField()
    reference = models.CharField(max_length=60, blank=True, help_text="check or money order number, card confirmation")
    routing = models.CharField(max_length=9, blank=True, default="", help_text="the check's bank")
    masked = models.CharField(max_length=8, blank=True, default="", help_text="last four of the check's account")
    payer_mark = models.CharField(max_length=64, blank=True, default="", help_text="keyed hash of the payer's account")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "position"], name="tender_once"),
            models.CheckConstraint(name="tender_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="tender_kind", condition=Q(kind__in=_TENDERS)),
            models.CheckConstraint(name="tender_card_is_confirmed", condition=~Q(kind="card", reference="")),
            models.CheckConstraint(
                name="tender_no_card_number", condition=~Q(reference__regex=r"([0-9][ -]?){12}[0-9]")
            ),
        ]
        triggers = append_only("tender")


class ReceiptPart(models.Model):
    """Cents of one tender that pay for one line; for an account's bill, with the payment they became."""

    line = models.ForeignKey(ReceiptLine, models.PROTECT, related_name="parts")
    tender = models.ForeignKey(Tender, models.PROTECT, related_name="parts")
    amount_cents = models.BigIntegerField()
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="receipt_part")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "tender"], name="receipt_part_once"),
            models.CheckConstraint(name="receipt_part_positive", condition=Q(amount_cents__gt=0)),
        ]
        triggers = append_only("receipt_part")


class ReceiptVoid(models.Model):
    """A receipt taken back whole by a supervisor, asked for by the cashier at whose window it happened."""

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="void")
    reason = models.CharField(max_length=40, help_text="code of the policy counter-rules")
    note = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="voids_asked")
    voided_by = models.ForeignKey(User, models.PROTECT, related_name="voids_given")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="receipt_voids")

    class Meta:
        constraints = [
            models.CheckConstraint(name="receipt_void_two_people", condition=~Q(asked_by=F("voided_by"))),
        ]
        triggers = [*append_only("receipt_void"), *guards.VOID]


class CashDrop(models.Model):
    """Cash taken out of an open drawer into the safe, in a numbered bag; it goes to the bank with the drawer's rest."""

    drawer = models.ForeignKey(Drawer, models.PROTECT, related_name="drops")
    bag = models.CharField(max_length=30)
    amount_cents = models.BigIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="cash_drops")

    class Meta:
        constraints = [
            models.CheckConstraint(name="cash_drop_positive", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["drawer", "bag"], name="cash_drop_bag_once"),
        ]
        triggers = [*append_only("cash_drop"), *guards.DROP]


class DrawerCount(models.Model):
    """What somebody counted in a drawer without being told what to expect; a later count of theirs replaces it."""

    drawer = models.ForeignKey(Drawer, models.PROTECT, related_name="counts")
    counted_by = models.ForeignKey(User, models.PROTECT, related_name="drawer_counts")
    pieces = models.JSONField(help_text="how many of each denomination, by its cents")
    cash_cents = models.BigIntegerField()
    noncash_count = models.PositiveIntegerField(help_text="checks and money orders")
    noncash_cents = models.BigIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="drawer_counts")

    class Meta:
        constraints = [
            models.CheckConstraint(name="drawer_count_amounts", condition=Q(cash_cents__gte=0, noncash_cents__gte=0)),
        ]
        triggers = append_only("drawer_count")
