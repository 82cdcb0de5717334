"""The books: a chart of accounts, append-only transfers, open items and the allocations that settle them.

A transfer has a debit account, a credit account and a positive amount, so it balances by construction. The table
`ledger_entry` is partitioned by bill run (0 for everything that is not a bill run); its DDL is in the migrations.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.ledger.arrangements.models import (
    ArrangedItem,
    ArrangementPart,
    ExtendedItem,
    PaymentArrangement,
    PaymentExtension,
)
from meterbook.records.ledger.deposits.models import Deposit, DepositInterest, DepositUse
from meterbook.records.ledger.disputes.models import DisputedItem
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import AccountingPeriod, Deed

__all__ = [
    "CATEGORIES",
    "AccountOrder",
    "Allocation",
    "ArrangedItem",
    "ArrangementPart",
    "Deposit",
    "DepositInterest",
    "DepositUse",
    "DisputedItem",
    "Entry",
    "ExtendedItem",
    "LedgerAccount",
    "OpenItem",
    "PaymentArrangement",
    "PaymentExtension",
]  # fmt: skip


#: What a charge is for, as far as the order of payment tells them apart: the service itself, a tax, a penalty, a fee.
CATEGORIES = ("service", "tax", "penalty", "fee")


class LedgerAccount(models.Model):
    """An account of the chart: asset, liability, revenue or expense, in a fund, for an agency."""

    code = models.CharField(max_length=12, unique=True)
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    fund = models.CharField(max_length=20)
    agency = models.CharField(max_length=60, help_text="to whom the money is owed in the end")
    service = models.CharField(max_length=20, blank=True, help_text="commodity, for receivables and revenue")
    role = models.CharField(max_length=20, blank=True, help_text="what the books use it for; see `adopt_chart.ROLES`")
    category = models.CharField(max_length=10, blank=True, help_text="tax, penalty or fee; empty for service itself")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_account_kind",
                condition=Q(kind__in=["asset", "liability", "revenue", "expense"]),
            ),
            models.CheckConstraint(name="ledger_account_category", condition=Q(category__in=["", *CATEGORIES[1:]])),
            models.UniqueConstraint(
                fields=["role", "service"],
                condition=~Q(role__in=["", "interfund"]),
                name="ledger_account_role_once",
            ),
            models.UniqueConstraint(
                fields=["fund"], condition=Q(role="interfund"), name="ledger_account_one_interfund_a_fund"
            ),
        ]
        triggers = append_only("ledger_account")


class Entry(models.Model):
    """One transfer: money moved from the credit account to the debit account; never changed, never deleted."""

    run_id = models.BigIntegerField(help_text="bill run, or 0")
    debit = models.ForeignKey(LedgerAccount, models.DO_NOTHING, related_name="+")
    credit = models.ForeignKey(LedgerAccount, models.DO_NOTHING, related_name="+")
    amount_cents = models.BigIntegerField(help_text="always positive")
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True, related_name="entries")
    service = models.CharField(max_length=20)
    effective_on = models.DateField()
    period = models.ForeignKey(AccountingPeriod, models.DO_NOTHING, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    source_kind = models.CharField(max_length=12, help_text="bill, payment, allocation or reversal")
    source_id = models.BigIntegerField()
    deed = models.ForeignKey(Deed, models.DO_NOTHING, related_name="entries")

    class Meta:
        managed = False
        db_table = "ledger_entry"


class OpenItem(models.Model):
    """An amount waiting to be settled: a bill's charge for one service, or a credit waiting to be used.

    An empty ``service`` is money not yet applied to any: a payment (credit), or a payment taken back (charge).
    Written set-wise from rows whose accounts are checked there; accounts and deeds are never deleted.
    """

    CHARGE, CREDIT = "charge", "credit"
    account = models.ForeignKey(Account, models.PROTECT, related_name="open_items", db_constraint=False)
    side = models.CharField(max_length=6)
    service = models.CharField(max_length=20)
    category = models.CharField(max_length=10, db_default="service", default="service")
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    source_kind = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    effective_on = models.DateField()
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="open_items", db_index=False, db_constraint=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="open_item_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="open_item_side", condition=Q(side__in=["charge", "credit"])),
            models.CheckConstraint(name="open_item_category", condition=Q(category__in=CATEGORIES)),
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "service", "category", "side"], name="open_item_once"
            ),
        ]
        indexes = [models.Index(fields=["account"], condition=Q(source_kind="install"), name="open_item_instalments")]
        triggers = append_only("open_item")


@pghistory.track()
class AccountOrder(models.Model):
    """An account's own order of payment for some days: charges due from ``current_from`` on go before older ones.

    What an arrangement asks for: the current bills are paid first, then the arrears. Within each the utility's order
    holds. It begins and ends today or later, so that what was settled under it can always be told again.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="payment_orders")
    current_from = models.DateField(help_text="the first due date that counts as current")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="account_orders")

    class Meta:
        constraints = [
            has_days("account_order_has_days"),
            no_overlap("account_order_one_at_a_time", "account_id"),
        ]
        triggers = [never_deleted("account_order")]


class Allocation(models.Model):
    """How much of a credit settled how much of a charge; below zero where it was taken back later.

    What a credit gives a charge is the sum of their rows; the database lets no such sum fall below zero. ``pinned`` is
    what somebody chose (a payer's direction, a refund, a payment taken back); the rest follows the order of payment,
    and only the rest moves when a payment turns out never to have been.
    """

    credit = models.ForeignKey(OpenItem, models.PROTECT, related_name="given", db_constraint=False)
    charge = models.ForeignKey(OpenItem, models.PROTECT, related_name="received", db_constraint=False)
    amount_cents = models.BigIntegerField()
    pinned = models.BooleanField(default=False, db_default=False)
    effective_on = models.DateField()
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="allocations", db_index=False, db_constraint=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="allocation_not_nothing", condition=~Q(amount_cents=0)),
            models.CheckConstraint(name="allocation_two_items", condition=~Q(credit=F("charge"))),
        ]
        triggers = append_only("allocation")
