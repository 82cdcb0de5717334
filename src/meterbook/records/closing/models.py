"""Closing the books month by month: who signed what, the lock, the journal handed to the city, the unbilled accrual."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import AccountingPeriod, Approval, Attachment, Deed, Document

_DECIDED_ONCE = pgtrigger.Condition("OLD.state <> 'proposed'")


class MonthSignature(models.Model):
    """An item of a month's checklist signed: done, an exception accepted, or a signature taken back. The last counts.

    An exception holds for exactly what was found (``found_sha256``); what changes after it is signed anew.
    """

    DONE, EXCEPTION, TAKEN_BACK = "done", "exception", "taken_back"
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="signatures")
    item = models.CharField(max_length=40, help_text="code in the policy month-end")
    state = models.CharField(max_length=10)
    note = models.TextField(help_text="what was looked at, or why the exception is accepted")
    found = models.JSONField(default=list, help_text="what the check found when it was signed")
    found_sha256 = models.CharField(max_length=64, blank=True)
    evidence = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="month_signatures")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="month_signature_state", condition=Q(state__in=["done", "exception", "taken_back"])
            ),
            models.CheckConstraint(name="month_signature_says_why", condition=~Q(note="")),
        ]
        indexes = [models.Index(fields=["period", "item"], name="month_signature_item")]
        triggers = append_only("month_signature")


class PeriodLock(models.Model):
    """A month asked to be locked by one person and locked by another; the figures both saw are kept with it."""

    PROPOSED, LOCKED, REFUSED = "proposed", "locked", "refused"
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="locks")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy month-end")
    figures = models.JSONField(help_text="checklist, roll-forward and trial balance as they were shown")
    figures_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="period_locks")
    pack = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", help_text="evidence for audit")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="locks_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="locks_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="period_lock_state", condition=Q(state__in=["proposed", "locked", "refused"])),
            models.CheckConstraint(name="period_lock_has_pack", condition=~Q(state="locked") | Q(pack__isnull=False)),
            models.UniqueConstraint(
                fields=["period"], condition=Q(state__in=["proposed", "locked"]), name="period_lock_once"
            ),
        ]
        triggers = [
            never_deleted("period_lock"),
            pgtrigger.ReadOnly(
                name="period_lock_keeps_its_facts",
                fields=["period", "document", "figures", "figures_sha256", "approval", "proposed_by"],
            ),
            pgtrigger.Protect(name="period_lock_decided_once", operation=pgtrigger.Update, condition=_DECIDED_ONCE),
        ]


class JournalFile(models.Model):
    """The journal of a locked month as it was handed to the city's general ledger: one a month, byte for byte."""

    period = models.OneToOneField(AccountingPeriod, models.PROTECT, related_name="journal")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy gl-journal")
    sha256 = models.CharField(max_length=64)
    lines = models.PositiveIntegerField()
    debit_cents = models.BigIntegerField(help_text="sum of debits; credits are the same")
    content = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="journal_files")

    class Meta:
        triggers = append_only("journal_file")


class JournalReply(models.Model):
    """What the general ledger said to a journal: accepted under a number of its own, or refused with a reason."""

    journal = models.ForeignKey(JournalFile, models.PROTECT, related_name="replies")
    accepted = models.BooleanField()
    reference = models.CharField(max_length=60, blank=True, help_text="the general ledger's own number")
    note = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="journal_replies")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="journal_reply_says",
                condition=Q(accepted=True) & ~Q(reference="") | Q(accepted=False) & ~Q(note=""),
            ),
            models.UniqueConstraint(fields=["journal"], condition=Q(accepted=True), name="journal_accepted_once"),
        ]
        triggers = append_only("journal_reply")


class UnbilledAccrual(models.Model):
    """Revenue earned and not yet billed at a month's end: estimated, asked for, booked, and taken back next day."""

    PROPOSED, BOOKED, REFUSED = "proposed", "booked", "refused"
    period = models.ForeignKey(AccountingPeriod, models.PROTECT, related_name="accruals")
    figures = models.JSONField(help_text="the estimate by service and class as it was shown")
    cents = models.BigIntegerField()
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="accruals")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="accruals_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="accruals_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="accrual_state", condition=Q(state__in=["proposed", "booked", "refused"])),
            models.UniqueConstraint(
                fields=["period"], condition=Q(state__in=["proposed", "booked"]), name="accrual_once"
            ),
        ]
        triggers = [
            never_deleted("accrual"),
            pgtrigger.ReadOnly(
                name="accrual_keeps_its_facts", fields=["period", "figures", "cents", "approval", "proposed_by"]
            ),
            pgtrigger.Protect(name="accrual_decided_once", operation=pgtrigger.Update, condition=_DECIDED_ONCE),
        ]
