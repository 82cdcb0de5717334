"""What was asked for by hand about money on the books, and which open items a transfer carried."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q

from meterbook.engine.ledger.limits import KINDS
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import OpenItem
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


@pghistory.track()
class HandChange(models.Model):
    """A payment to take back or move, a credit or a balance to carry to another account, a credit to apply.

    ``amount_cents`` is above zero. ``effective_on`` is the day it was asked for; the books carry it whenever it is
    decided.
    """

    PROPOSED, DONE, REFUSED, WITHDRAWN = "proposed", "done", "refused", "withdrawn"
    kind = models.CharField(max_length=20)
    payment = models.ForeignKey("payments.Payment", models.PROTECT, null=True, related_name="hand_changes")
    from_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    to_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    credit = models.ForeignKey(
        OpenItem, models.PROTECT, null=True, related_name="+", help_text="the credit that is to settle `charge`"
    )
    charge = models.ForeignKey(OpenItem, models.PROTECT, null=True, related_name="+")
    amount_cents = models.BigIntegerField()
    effective_on = models.DateField()
    reason = models.CharField(max_length=40)
    words_en = models.CharField(max_length=120)
    words_es = models.CharField(max_length=120)
    note = models.TextField()
    state = models.CharField(max_length=10, default="proposed")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy receivable-limits")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="hand_changes")
    asked_by = models.ForeignKey(Deed, models.PROTECT, related_name="hand_changes_asked")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="hand_changes_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="hand_change_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="hand_change_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="hand_change_state", condition=Q(state__in=["proposed", "done", "refused", "withdrawn"])
            ),
            models.CheckConstraint(
                name="hand_change_of_a_payment",
                condition=Q(kind__in=["reverse", "move"], payment__isnull=False)
                | (~Q(kind__in=["reverse", "move"]) & Q(payment__isnull=True)),
            ),
            models.CheckConstraint(
                name="hand_change_two_accounts",
                condition=~Q(kind__in=["transfer_credit", "transfer_balance"])
                | (Q(from_account__isnull=False, to_account__isnull=False) & ~Q(from_account=F("to_account"))),
            ),
        ]
        triggers = [never_deleted("hand_change")]


class CarriedItem(models.Model):
    """Cents of an open item that a transfer carried to another account; the source of what it wrote on both."""

    change = models.ForeignKey(HandChange, models.PROTECT, related_name="carried")
    item = models.ForeignKey(OpenItem, models.PROTECT, related_name="carried")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="carried_item_positive", condition=Q(amount_cents__gt=0))]
        triggers = append_only("carried_item")
