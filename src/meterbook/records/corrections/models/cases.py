"""A correction case: which posted segments are wrong, why, since when it is known, and what became of each."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.models import Account
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Deed


class CorrectionCase(models.Model):
    """Segments of posted bills to be taken back and billed again, or only taken back, and the run that does it.

    Its state follows from the run: a draft has none; calculated, approved and posted are the run's own.
    """

    SCOPES = ("bills", "run", "agreement", "account", "usage")
    number = models.CharField(max_length=20, unique=True, help_text="like COR-2026-0001")
    cause = models.CharField(max_length=40, help_text="code of a cause in the policy back-billing")
    scope = models.CharField(max_length=10, help_text="what it was opened for: bills, a run, an agreement, an account")
    discovered_on = models.DateField(help_text="the limits of back-billing count back from this day")
    rebill = models.BooleanField(default=True, help_text="bill the days again, rather than only take them back")
    opened = models.ForeignKey(Deed, models.PROTECT, related_name="correction_cases")
    run = models.OneToOneField(BillRun, models.PROTECT, null=True, related_name="correction")
    withdrawn = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_case_scope", condition=Q(scope__in=["bills", "run", "agreement", "account", "usage"])
            )
        ]
        triggers = [
            never_deleted("correction_case"),
            pgtrigger.ReadOnly(
                name="correction_case_keeps_its_facts",
                fields=["number", "cause", "scope", "discovered_on", "rebill", "opened"],
            ),
        ]


class CaseItem(models.Model):
    """One posted segment a case is about, and what the newest calculation made of it.

    A charge to another account than the one billed has an item of its own without a segment.
    """

    OUTCOMES = ("waiting", "corrected", "cancelled", "charged", "unchanged", "outside", "held")
    case = models.ForeignKey(CorrectionCase, models.CASCADE, related_name="items")
    account = models.ForeignKey(Account, models.PROTECT, related_name="correction_items")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="correction_items")
    starts = models.DateField()
    ends = models.DateField()
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, related_name="correction_items")
    segment_run_id = models.BigIntegerField(null=True)
    segment_id = models.BigIntegerField(null=True, help_text="the posted segment, null for a charge to somebody else")
    outcome = models.CharField(max_length=10, default="waiting")
    was_cents = models.BigIntegerField(default=0)
    becomes_cents = models.BigIntegerField(default=0, help_text="what it would be, also outside the limit")
    detail = models.JSONField(default=dict, help_text="limit applied with its citation, or why it is held")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "segment_run_id", "segment_id"],
                condition=Q(segment_id__isnull=False),
                name="case_item_once",
            ),
            models.CheckConstraint(
                name="case_item_outcome",
                condition=Q(
                    outcome__in=["waiting", "corrected", "cancelled", "charged", "unchanged", "outside", "held"]
                ),
            ),
        ]
        indexes = [models.Index(fields=["segment_run_id", "segment_id"])]


class DecidedUsage(models.Model):
    """A usage a person decided where no reads tell it: a total, spread over the periods of its days by days."""

    case = models.ForeignKey(CorrectionCase, models.PROTECT, related_name="decided_usages")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="decided_usages")
    period = DateRangeField(help_text="half-open; whole billed periods")
    quantity_e6 = models.BigIntegerField(help_text="millionths of the meter's unit, over all its days")
    reason = models.TextField(help_text="what it rests on")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="decided_usages")
    withdrawn = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decided_usage_has_days", condition=Q(period__isempty=False, period__endswith__isnull=False)
            ),
            models.CheckConstraint(name="decided_usage_not_negative", condition=Q(quantity_e6__gte=0)),
        ]
        triggers = [
            never_deleted("decided_usage"),
            pgtrigger.ReadOnly(
                name="decided_usage_keeps_its_facts",
                fields=["case", "service_point", "period", "quantity_e6", "reason", "deed"],
            ),
        ]


class MisappliedUsage(models.Model):
    """Two meters read for each other: in this case a service point is billed on what the other one's meter counted."""

    case = models.ForeignKey(CorrectionCase, models.PROTECT, related_name="misapplied_usages")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="+")
    measured_at = models.ForeignKey(ServicePoint, models.PROTECT, related_name="+", help_text="whose meter counted it")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="misapplied_usages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "service_point"], name="misapplied_usage_once"),
            models.CheckConstraint(name="misapplied_usage_of_another", condition=~Q(service_point=F("measured_at"))),
        ]
        triggers = [never_deleted("misapplied_usage")]
