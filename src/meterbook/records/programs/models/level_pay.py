"""Level payment: who pays an even amount, how much, and what every bill asked for beside what it charged."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, Document


@pghistory.track()
class LevelPayPlan(models.Model):
    """An account's level payment plan; one at a time. The books never know of it: it only says what is asked now."""

    ACTIVE, SETTLED, REMOVED = "active", "settled", "removed"
    account = models.ForeignKey(Account, models.PROTECT, related_name="level_pay")
    formula = models.CharField(max_length=40, help_text="key in the policy level-pay")
    starts = models.DateField(help_text="bills dated from this day on are the plan's")
    state = models.CharField(max_length=8, default=ACTIVE)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    enrolled = models.ForeignKey(Deed, models.PROTECT, related_name="level_pay_enrolments")
    ended = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="level_pay_ends")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="active"), name="level_pay_once"),
            models.CheckConstraint(
                name="level_pay_state",
                condition=Q(state="active", ended_on__isnull=True)
                | Q(state__in=["settled", "removed"], ended_on__isnull=False),
            ),
        ]
        triggers = [never_deleted("level_pay_plan")]


class LevelPayAmount(models.Model):
    """An amount a plan asks for from a plan month on: at enrolment, and again where a review changed it."""

    plan = models.ForeignKey(LevelPayPlan, models.PROTECT, related_name="amounts")
    after_month = models.PositiveSmallIntegerField(help_text="plan months billed before it holds, counted on and on")
    basis_cents = models.BigIntegerField(help_text="charges it was made from")
    basis_months = models.PositiveSmallIntegerField(help_text="bills these charges are of")
    amount_cents = models.BigIntegerField(help_text="what the formula made of them, for the first month")
    changed = models.BooleanField(default=True, help_text="a review that kept the old amount says so")
    document = models.ForeignKey(Document, models.PROTECT, related_name="level_pay_amounts")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="level_pay_amounts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "after_month"], name="level_pay_amount_once")]
        triggers = append_only("level_pay_amount")


class LevelPayMonth(models.Model):
    """What one bill of a plan charged and asked for. A bill beside the monthly ones (corrected, off cycle) has no
    number and asks for nothing of its own: what it charged waits in the difference."""

    plan = models.ForeignKey(LevelPayPlan, models.PROTECT, related_name="months")
    bill_id = models.BigIntegerField(unique=True)
    bill_date = models.DateField()
    number = models.PositiveSmallIntegerField(null=True, help_text="month of the plan, counted on and on")
    settles = models.BooleanField()
    actual_cents = models.BigIntegerField(help_text="charges of the bill")
    asked_cents = models.BigIntegerField()
    before_cents = models.BigIntegerField(help_text="difference actual less asked before this bill")
    difference_cents = models.BigIntegerField(help_text="difference after it")
    due_cents = models.BigIntegerField(help_text="amount due on the bill: the true balance")
    pay_cents = models.BigIntegerField(help_text="what the bill asks to pay now")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="level_pay_months")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="level_pay_month_once"),
            models.CheckConstraint(
                name="level_pay_month_difference",
                condition=Q(difference_cents=F("before_cents") + F("actual_cents") - F("asked_cents")),
            ),
            models.CheckConstraint(
                name="level_pay_month_pay", condition=Q(pay_cents=F("due_cents") - F("difference_cents"))
            ),
            models.CheckConstraint(name="level_pay_month_settles", condition=Q(settles=False) | Q(difference_cents=0)),
        ]
        triggers = append_only("level_pay_month")
