"""What is drawn: runs of drafts from selection to file, and each draft until it is settled, or comes back."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.autopay.models.enrolments import Enrolment
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.payments.models import Payment
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Approval, Deed

STATES = ["waiting", "selected", "held", "refused", "dropped", "filed", "settled", "returned", "reversed"]
#: Drafts on their way to the bank: an account has one at most.
OPEN = ("waiting", "selected", "held", "filed")
#: Drafts that took or may take the bill's money: a bill has one at most.
LIVE = (*OPEN, "settled")


class DraftRun(models.Model):
    """Drafts selected on one day: held ones decided, all approved by a second person, written to one file."""

    SELECTED, ASKED, APPROVED, FILED, CANCELLED = "selected", "asked", "approved", "filed", "cancelled"
    number = models.CharField(max_length=20, unique=True, help_text="AP- and the day of selection")
    selected_on = models.DateField(unique=True)
    through = models.DateField(help_text="last settlement day selected")
    state = models.CharField(max_length=10, default=SELECTED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="draft_runs")
    figures_sha256 = models.CharField(max_length=64, blank=True, help_text="over exactly the figures asked about")
    totals = models.JSONField(default=dict, help_text="count and cents of what was approved, held, dropped")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="draft_runs")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_run_state", condition=Q(state__in=["selected", "asked", "approved", "filed", "cancelled"])
            ),
            models.CheckConstraint(
                name="draft_run_approved", condition=~Q(state__in=["approved", "filed"]) | Q(approval__isnull=False)
            ),
        ]
        triggers = [
            never_deleted("draft_run"),
            pgtrigger.Protect(
                name="draft_run_filed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IN ('filed', 'cancelled')"),
            ),
        ]


class Draft(models.Model):
    """One amount to draw for one bill. Waiting: presented again later, in no run yet. Dropped: did not go, may yet."""

    run = models.ForeignKey(DraftRun, models.PROTECT, null=True, related_name="drafts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="drafts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="drafts")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="drafts")
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="again", help_text="presented first")
    presentment = models.PositiveSmallIntegerField(default=1)
    amount_cents = models.BigIntegerField()
    asked_cents = models.BigIntegerField(help_text="what the bill asked for at posting")
    settle_on = models.DateField(help_text="effective entry date")
    state = models.CharField(max_length=8)
    reasons = models.JSONField(default=list, help_text="why it was held: {code, message, values}")
    dropped_for = models.CharField(max_length=20, blank=True, help_text="code: why it did not go into the file")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="drafts_decided")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="draft")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="drafts", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["state", "settle_on"]), models.Index(fields=["run", "state"])]
        constraints = [
            models.CheckConstraint(name="draft_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="draft_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="draft_run_or_waiting", condition=Q(run__isnull=False) | Q(state__in=["waiting", "dropped"])
            ),
            models.CheckConstraint(
                name="draft_settled_has_payment", condition=~Q(state="settled") | Q(payment__isnull=False)
            ),
            models.CheckConstraint(
                name="draft_again_names_first",
                condition=Q(presentment=1, first__isnull=True) | Q(presentment__gt=1, first__isnull=False),
            ),
            models.CheckConstraint(name="draft_presentments", condition=Q(presentment__lte=3)),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state__in=["waiting", "selected", "held", "filed", "settled"]),
                name="draft_one_live_a_bill",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=["waiting", "selected", "held", "filed"]),
                name="draft_one_open_an_account",
            ),
            models.UniqueConstraint(
                fields=["first", "presentment"],
                condition=Q(first__isnull=False) & ~Q(state__in=["dropped", "refused"]),
                name="draft_presented_once",
            ),
        ]
        triggers = [
            never_deleted("draft"),
            pgtrigger.ReadOnly(
                name="draft_keeps_its_facts",
                fields=["enrolment", "account", "bill", "first", "presentment", "amount_cents", "asked_cents", "deed"],
            ),
            pgtrigger.Protect(
                name="draft_ended_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state IN ('refused', 'dropped', 'reversed')"),
            ),
        ]
