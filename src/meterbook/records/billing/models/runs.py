"""A bill run: its dates, its parts, which accounts it is about, and what was kept of it when it closed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.places.models import Cycle
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Approval, Deed


class BillRun(models.Model):
    """One billing on one bill date, from plan to posting: a cycle's, some accounts' off cycle, or a correction's."""

    PLANNED, CALCULATED, POSTED, CANCELLED = "planned", "calculated", "posted", "cancelled"
    CYCLE, OFF_CYCLE, CORRECTION = "cycle", "off_cycle", "correction"
    number = models.CharField(max_length=30, unique=True, help_text="bill date and cycle, like 2026-10-05/C2")
    kind = models.CharField(max_length=10, db_default="cycle", default=CYCLE)
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, related_name="bill_runs")
    title = models.CharField(max_length=160, blank=True, help_text="what an off-cycle or correction run is for")
    read_from = models.DateField(help_text="first day a closing read may be from")
    read_to = models.DateField(help_text="last day a closing read may be from")
    ended_only = models.BooleanField(
        db_default=False, default=False, help_text="bill only services that ended by `read_to`: finals on demand"
    )
    statements = models.BooleanField(
        db_default=False,
        default=False,
        help_text="accounts with a balance or movements and nothing billed get a statement",
    )
    service_to = models.DateField(help_text="scheduled read date: services without a meter are billed up to here")
    bill_date = models.DateField()
    due_date = models.DateField()
    status = models.CharField(max_length=10, default=PLANNED)
    planned_by = models.ForeignKey(Deed, models.PROTECT, related_name="runs_planned")
    calculated_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_calculated")
    posted_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_posted")
    cancelled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_cancelled")
    paused_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="runs_paused")
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
            models.CheckConstraint(
                name="bill_run_kind",
                condition=Q(kind="cycle", cycle__isnull=False)
                | Q(kind__in=["off_cycle", "correction"], cycle__isnull=True),
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


class RunAccount(models.Model):
    """An account a run that is not a cycle's is about: off-cycle bills and corrections name theirs."""

    run = models.ForeignKey(BillRun, models.CASCADE, related_name="named_accounts")
    account = models.ForeignKey(Account, models.PROTECT, related_name="named_in_runs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="run_account_once")]


class RunReport(models.Model):
    """A report as it stood when its run was posted: rows kept for good, never computed again."""

    run = models.ForeignKey(BillRun, models.PROTECT, related_name="reports")
    name = models.CharField(max_length=40, help_text="folder of the report")
    columns = models.JSONField(help_text="list of {key, title_en, title_es, kind, total}")
    rows = models.JSONField(help_text="list of rows: one value a column, in their order")
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="over columns and rows as JSON text with sorted keys")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="run_reports")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_report_once")]
        triggers = append_only("run_report")


class RunHandoff(models.Model):
    """What left the house for a run: a print or e-bill file, its pieces and pages, counted against the bills."""

    PRINT, EBILL = "print", "ebill"
    run = models.ForeignKey(BillRun, models.PROTECT, related_name="handoffs")
    channel = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    first_piece = models.PositiveIntegerField(help_text="number of the first bill in the file, from 1")
    pieces = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="run_handoffs")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "channel", "first_piece"], name="run_handoff_once"),
            models.CheckConstraint(name="run_handoff_channel", condition=Q(channel__in=["print", "ebill"])),
            models.CheckConstraint(name="run_handoff_pieces", condition=Q(pieces__gt=0, first_piece__gt=0)),
        ]
        triggers = append_only("run_handoff")


class RunClosing(models.Model):
    """The end of a run: every piece handed off, the equation kept, the control totals compared."""

    run = models.OneToOneField(BillRun, models.PROTECT, related_name="closing")
    totals = models.JSONField(help_text="bills, pieces, pages, cents, the equation, hashes of the saved reports")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="run_closings")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only("run_closing")
