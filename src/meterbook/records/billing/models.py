"""Bill runs and what they make. Segments and lines are partitioned by run; their DDL is in the migrations.

A calculated bill exists but counts nowhere until its run is posted: bills carry no status of their own.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.integrity.models import AuditFinding
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.places.models import Cycle, ServicePoint
from meterbook.records.platform.fields import append_only, no_overlap, refuses
from meterbook.records.platform.models import Approval, Deed, Document
from meterbook.records.rates.models import Schedule

__all__ = [
    "AuditFinding",
    "Bill",
    "BillRun",
    "BilledPeriod",
    "CalendarDate",
    "CalendarEdition",
    "Completeness",
    "Hold",
    "Line",
    "RunChunk",
    "Segment",
    "Unbilled",
]


class BillRun(models.Model):
    """One cycle's billing on one bill date, from plan to posting."""

    PLANNED, CALCULATED, POSTED, CANCELLED = "planned", "calculated", "posted", "cancelled"
    number = models.CharField(max_length=30, unique=True, help_text="bill date and cycle, like 2026-10-05/C2")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="bill_runs")
    read_from = models.DateField(help_text="first day a closing read may be from")
    read_to = models.DateField(help_text="last day a closing read may be from")
    service_to = models.DateField(help_text="scheduled read date: services without a meter are billed up to here")
    bill_date = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=10, default=PLANNED)
    planned_by = models.ForeignKey(Deed, models.PROTECT, related_name="runs_planned")
    calculated_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_calculated")
    posted_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_posted")
    cancelled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_cancelled")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="runs")
    code_sha256 = models.CharField(max_length=64, blank=True, help_text="hash of the engine that calculated it")
    inputs_sha256 = models.CharField(max_length=64, blank=True, help_text="hash over every segment's sealed inputs")
    totals = models.JSONField(default=dict, help_text="control totals and the completeness equation at posting")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bill_run_status",
                condition=Q(status__in=["planned", "calculated", "posted", "cancelled"]),
            ),
            models.CheckConstraint(
                name="bill_run_posted_has_deed", condition=~Q(status="posted") | Q(posted_by__isnull=False)
            ),
            models.CheckConstraint(name="bill_run_due", condition=Q(due_date__gt=F("bill_date"))),
            models.CheckConstraint(name="bill_run_reads", condition=Q(read_to__gte=F("read_from"))),
        ]
        triggers = [
            pgtrigger.Protect(
                name="bill_run_posted_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="posted"),
            )
        ]


class RunChunk(models.Model):
    """A part of a run that commits by itself: done once, found done after an interruption."""

    run = models.ForeignKey(BillRun, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first_account = models.BigIntegerField(help_text="lowest account id in the chunk")
    last_account = models.BigIntegerField(help_text="highest account id in the chunk")
    accounts = models.PositiveIntegerField()
    bills = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    inputs_sha256 = models.CharField(max_length=64, blank=True, help_text="hash of the chunk's sealed inputs")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_chunk_once")]


class Bill(models.Model):
    """What one account owes for one cycle; its posted figures are never edited."""

    run = models.ForeignKey(BillRun, models.PROTECT, related_name="bills")
    account = models.ForeignKey(Account, models.PROTECT, related_name="bills")
    number = models.CharField(max_length=24, unique=True, help_text="account, bill date")
    bill_date = models.DateField()
    due_date = models.DateField()
    starts = models.DateField()
    ends = models.DateField()
    previous_cents = models.BigIntegerField(help_text="the last bill's amount due, or 0")
    payments_cents = models.BigIntegerField(help_text="received since the last bill, negative")
    adjustments_cents = models.BigIntegerField(help_text="anything else booked since the last bill, signed")
    current_cents = models.BigIntegerField(help_text="this bill's lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account"], name="bill_once_per_run"),
            models.CheckConstraint(name="bill_days", condition=Q(starts__lt=F("ends"))),
        ]
        triggers = [
            pgtrigger.Protect(name="bill_no_change", operation=pgtrigger.Update),
            refuses("bill_no_truncate", pgtrigger.Truncate, "bills stay"),
            pgtrigger.Trigger(
                name="bill_posted_stays",
                operation=pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT FROM billing_billrun r WHERE r.id = OLD.run_id AND r.status = 'posted') THEN
                        RAISE EXCEPTION 'bill % is posted: it stays', OLD.number;
                    END IF;
                    RETURN OLD;
                """,
            ),
        ]

    @property
    def amount_due_cents(self) -> int:
        """What the resident is asked to pay: everything owed on the bill date."""
        return self.previous_cents + self.payments_cents + self.adjustments_cents + self.current_cents


class Segment(models.Model):
    """One agreement's part of a bill: which tariff document priced which sealed inputs over which days."""

    run_id = models.BigIntegerField()
    bill = models.ForeignKey(Bill, models.DO_NOTHING, related_name="segments")
    agreement = models.ForeignKey(ServiceAgreement, models.DO_NOTHING, related_name="segments")
    service_point = models.ForeignKey(ServicePoint, models.DO_NOTHING, related_name="segments")
    schedule = models.ForeignKey(Schedule, models.DO_NOTHING, related_name="segments")
    document = models.ForeignKey(Document, models.DO_NOTHING, related_name="segments")
    commodity = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField()
    estimated = models.BooleanField()
    inputs = models.JSONField(help_text="sealed: determinants, usage pieces with their reads")
    amount_cents = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "billing_segment"


class Line(models.Model):
    """One printed charge: component and tier of a tariff version, quantity, price, whole cents."""

    run_id = models.BigIntegerField()
    segment = models.ForeignKey(Segment, models.DO_NOTHING, related_name="lines")
    seq = models.IntegerField()
    component = models.CharField(max_length=60)
    part = models.IntegerField(help_text="tier number, 0 where there are none")
    version = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField()
    quantity_e6 = models.BigIntegerField()
    price_e8 = models.BigIntegerField()
    amount_cents = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "billing_line"


class BilledPeriod(models.Model):
    """The guard: no day of a service point is billed twice, to whomever, whatever run or code tries.

    Written from a run's segments after their references are checked set-wise; agreements are never deleted.
    """

    agreement = models.ForeignKey(ServiceAgreement, models.PROTECT, related_name="billed_periods", db_constraint=False)
    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, related_name="billed_periods", db_constraint=False, db_index=False
    )
    period = DateRangeField()
    bill = models.ForeignKey(Bill, models.DO_NOTHING, related_name="billed_periods", db_constraint=False)

    class Meta:
        constraints = [no_overlap("billed_once", "service_point_id", period="period")]
        triggers = append_only("billed_period")


class Hold(models.Model):
    """A bill hold: a service point kept out of a run, with the reason, who owns it and since when."""

    run = models.ForeignKey(BillRun, models.CASCADE, related_name="holds")
    account = models.ForeignKey(Account, models.PROTECT, related_name="bill_holds")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="bill_holds")
    reason = models.CharField(max_length=40)
    detail = models.TextField(blank=True)
    owner = models.CharField(max_length=40, help_text="role that works it")
    since = models.DateField(help_text="first run date the point was held without a bill in between")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account", "service_point"], name="hold_once_per_run")]


class Unbilled(models.Model):
    """A service point a posted run did not bill: held, not due or inactive, and why. Kept for the auditor."""

    run = models.ForeignKey(BillRun, models.PROTECT, related_name="unbilled")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, help_text="held, not_due or inactive")
    reason = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    last_usage_on = models.DateField(null=True)
    usage_e6 = models.BigIntegerField(null=True, help_text="usage since the last bill on an inactive point")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "service_point"], name="unbilled_once"),
            models.CheckConstraint(name="unbilled_outcome", condition=Q(outcome__in=["held", "not_due", "inactive"])),
        ]
        triggers = append_only("unbilled")


class Completeness(models.Model):
    """The completeness equation of posted runs, point by point: a view over segments and `Unbilled`."""

    run = models.ForeignKey(BillRun, models.DO_NOTHING, related_name="completeness")
    service_point = models.ForeignKey(ServicePoint, models.DO_NOTHING, related_name="+")
    outcome = models.CharField(max_length=10, help_text="billed, held, not_due or inactive")
    reason = models.CharField(max_length=200)
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True, related_name="+")
    last_usage_on = models.DateField(null=True)
    usage_e6 = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "billing_completeness"
