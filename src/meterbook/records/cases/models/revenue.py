"""Revenue protection: what was found, how much it was, what is charged for it once a second person agreed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.cases.models.case import Case
from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Attachment, Deed


class Evidence(models.Model):
    """One piece of evidence, never changed: what, where and when it was found and by whom, who put it on record.

    ``held_by`` is who keeps the thing itself; a hand-over is a piece of its own that names the one before.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=40, help_text="code of the policy cases")
    words = models.TextField()
    value = models.CharField(max_length=60, blank=True, help_text="a read, a seal's number")
    found_on = models.DateField()
    found_by = models.CharField(max_length=120)
    held_by = models.CharField(max_length=120, blank=True)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="evidence")

    class Meta:
        triggers = append_only("evidence")


class LoadEstimate(models.Model):
    """How much was used while no meter told it: the method, what went into it, every step; never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="estimates")
    method = models.CharField(max_length=20, help_text="history, connected_load or class_average")
    unit = models.CharField(max_length=10)
    starts = models.DateField()
    ends = models.DateField(help_text="the first day no longer counted")
    given = models.JSONField(help_text="what went into it")
    quantity_e6 = models.BigIntegerField(help_text="millionths of the unit the meter did not tell")
    steps = models.JSONField(help_text="list of {message, values}")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="load_estimates")

    class Meta:
        constraints = [
            models.CheckConstraint(name="load_estimate_not_negative", condition=Q(quantity_e6__gte=0)),
            models.CheckConstraint(name="load_estimate_has_days", condition=Q(starts__lt=models.F("ends"))),
        ]
        triggers = append_only("load_estimate")


class RevenueClaim(models.Model):
    """What is to be charged for a loss: the service used, fees of the schedule, and what is let go.

    Nothing is charged before a second person agreed; then each amount is an adjustment of its own.
    """

    ASKED, CHARGED, REFUSED = "asked", "charged", "refused"
    case = models.ForeignKey(Case, models.PROTECT, related_name="claims")
    account = models.ForeignKey(Account, models.PROTECT, related_name="revenue_claims")
    estimate = models.ForeignKey(LoadEstimate, models.PROTECT, null=True, related_name="claims")
    service = models.CharField(max_length=20)
    price = models.CharField(max_length=20, blank=True, help_text="dollars a unit the usage was valued at")
    back_bill_cents = models.BigIntegerField(default=0)
    fees = models.JSONField(default=list, help_text="list of {code, cents}")
    let_go_cents = models.BigIntegerField(default=0, help_text="of the value of the usage, what is not charged")
    note = models.TextField()
    state = models.CharField(max_length=8, default=ASKED)
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="revenue_claim")
    asked_by = models.ForeignKey(Deed, models.PROTECT, related_name="revenue_claims_asked")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="revenue_claims_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="revenue_claim_amounts", condition=Q(back_bill_cents__gte=0, let_go_cents__gte=0)
            ),
            models.CheckConstraint(
                name="revenue_claim_state",
                condition=Q(state="asked", decided_by__isnull=True)
                | Q(state__in=["charged", "refused"], decided_by__isnull=False),
            ),
            models.UniqueConstraint(name="revenue_claim_one_waits", fields=["case"], condition=Q(state="asked")),
        ]
        triggers = [
            never_deleted("revenue_claim"),
            pgtrigger.ReadOnly(
                name="revenue_claim_keeps_its_facts",
                fields=["case", "account", "estimate", "service", "price", "back_bill_cents", "fees", "let_go_cents",
                        "note", "approval", "asked_by"],
            ),
        ]  # fmt: skip
