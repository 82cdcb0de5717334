"""A dispute: which charges a customer contests, why, and what was decided."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.billing.models import Bill
from meterbook.records.cases.models.case import Case
from meterbook.records.customers.models import Account, Protection
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Deed


class Dispute(models.Model):
    """An amount a customer contests, protected from the moment it is taken until it is decided for good.

    Review decides; a rejected part stays protected until it is to be paid, and longer where the customer appeals.
    ``protection`` names the open items; ``appeal`` is the protection of the account while an appeal is pending.
    """

    REVIEW, REJECTED, APPEALED, ENDED = "review", "rejected", "appealed", "ended"
    case = models.OneToOneField(Case, models.PROTECT, related_name="dispute")
    account = models.ForeignKey(Account, models.PROTECT, related_name="disputes")
    ground = models.CharField(max_length=40, help_text="code of the policy cases")
    service = models.CharField(max_length=20, blank=True, help_text="empty: whatever the bill has")
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, related_name="disputes")
    amount_cents = models.BigIntegerField()
    protection = models.OneToOneField(Protection, models.PROTECT, related_name="dispute")
    state = models.CharField(max_length=8, default=REVIEW)
    review_by = models.DateField()
    decision = models.CharField(max_length=10, blank=True, help_text="upheld, partly or rejected")
    upheld_cents = models.BigIntegerField(default=0, help_text="of the amount, what the customer was right about")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="disputes_decided")
    due_on = models.DateField(null=True, help_text="by when a rejected amount is to be paid")
    appeal_by = models.DateField(null=True)
    appealed_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="disputes_appealed")
    hearing_on = models.DateField(null=True)
    appeal = models.OneToOneField(Protection, models.PROTECT, null=True, related_name="appealed_dispute")
    heard_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="disputes_heard")

    class Meta:
        constraints = [
            models.CheckConstraint(name="dispute_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="dispute_upheld", condition=Q(upheld_cents__gte=0, upheld_cents__lte=models.F("amount_cents"))
            ),
            models.CheckConstraint(
                name="dispute_state",
                condition=Q(state="review", decided_by__isnull=True)
                | Q(state__in=["rejected", "ended"], decided_by__isnull=False)
                | Q(state="appealed", decided_by__isnull=False, appealed_by__isnull=False, hearing_on__isnull=False),
            ),
        ]
        triggers = [
            never_deleted("dispute"),
            pgtrigger.ReadOnly(
                name="dispute_keeps_its_facts",
                fields=["case", "account", "ground", "service", "bill", "amount_cents", "protection"],
            ),
        ]
