"""Payment extensions and arrangements: which open items, until when or in which parts, under which policy."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


@pghistory.track()
class PaymentExtension(models.Model):
    """More time for named open items: a promise to pay them by a day. Whether it was kept, the books say."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="payment_extensions")
    until = models.DateField(help_text="the last day on which the promise is kept")
    amount_cents = models.BigIntegerField(help_text="what was open of the items when it was given")
    promised_by = models.CharField(max_length=120, blank=True, help_text="who promised, where not the holder")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy arrangements")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_extensions")
    cancelled = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="payment_extensions_cancelled")

    class Meta:
        constraints = [models.CheckConstraint(name="payment_extension_amount", condition=Q(amount_cents__gt=0))]
        triggers = [never_deleted("payment_extension")]


class ExtendedItem(models.Model):
    """An open item that was given more time, with what was open of it."""

    extension = models.ForeignKey(PaymentExtension, models.PROTECT, related_name="items")
    item = models.ForeignKey("ledger.OpenItem", models.PROTECT, related_name="extensions", db_constraint=False)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["extension", "item"], name="extended_item_once"),
            models.CheckConstraint(name="extended_item_amount", condition=Q(amount_cents__gt=0)),
        ]
        triggers = append_only("extended_item")


@pghistory.track()
class PaymentArrangement(models.Model):
    """A plan of instalments over named open items; one at a time. Whether a part was kept, the books say.

    Asked for where a second person agrees; it stands, and ends paid or cancelled. While it stands the account's own
    order of payment (``order``) settles current bills first.
    """

    ASKED, STANDS, REFUSED, CANCELLED, PAID = "asked", "stands", "refused", "cancelled", "paid"
    account = models.ForeignKey(Account, models.PROTECT, related_name="payment_arrangements")
    amount_cents = models.BigIntegerField(help_text="what was open of the items")
    every = models.CharField(max_length=10, help_text="month, two_weeks or week")
    promised_by = models.CharField(max_length=120, blank=True, help_text="who agreed, where not the holder")
    state = models.CharField(max_length=9, default=ASKED)
    order = models.ForeignKey("ledger.AccountOrder", models.PROTECT, null=True, related_name="arrangements")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy arrangements")
    approval = models.OneToOneField(Approval, models.PROTECT, null=True, related_name="payment_arrangement")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payment_arrangements")
    ended = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="payment_arrangements_ended")
    broken = models.BooleanField(default=False, help_text="ended because it was not kept")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=["asked", "stands"]), name="payment_arrangement_one"
            ),
            models.CheckConstraint(name="payment_arrangement_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="payment_arrangement_state",
                condition=Q(state__in=["asked", "stands"], ended__isnull=True)
                | Q(state__in=["refused", "cancelled", "paid"], ended__isnull=False),
            ),
        ]
        triggers = [never_deleted("payment_arrangement")]


class ArrangedItem(models.Model):
    """An open item a plan covers, with what was open of it."""

    arrangement = models.ForeignKey(PaymentArrangement, models.PROTECT, related_name="items")
    item = models.ForeignKey("ledger.OpenItem", models.PROTECT, related_name="arrangements", db_constraint=False)
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "item"], name="arranged_item_once"),
            models.CheckConstraint(name="arranged_item_amount", condition=Q(amount_cents__gt=0)),
        ]
        triggers = append_only("arranged_item")


class ArrangementPart(models.Model):
    """One part of a plan: number 0 is the down payment."""

    arrangement = models.ForeignKey(PaymentArrangement, models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrangement", "number"], name="arrangement_part_once"),
            models.CheckConstraint(name="arrangement_part_amount", condition=Q(amount_cents__gt=0)),
        ]
        triggers = append_only("arrangement_part")
