"""Files to the bank with every entry in them, files from the bank, and what each line of those means."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.autopay.models.drafts import Draft, DraftRun
from meterbook.records.autopay.models.enrolments import Enrolment
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.refunds.models import Payout


class AchFile(models.Model):
    """A NACHA file we wrote, byte for byte; sealed, since it names bank accounts in full. Never written twice."""

    kind = models.CharField(max_length=8, help_text="drafts, prenotes, refunds or reversal")
    number = models.CharField(max_length=30, unique=True, help_text="kind, day, id modifier")
    run = models.OneToOneField(DraftRun, models.PROTECT, null=True, related_name="file")
    made_on = models.DateField()
    id_modifier = models.CharField(max_length=1)
    file_name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, help_text="of the file as the bank gets it")
    sealed = models.BinaryField(help_text="the file, encrypted")
    entries = models.PositiveIntegerField()
    debit_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    entry_hash = models.BigIntegerField()
    last_sequence = models.BigIntegerField(
        db_default=0, default=0, help_text="of the trace numbers given so far, offsets included"
    )
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="ach_files")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ach_file_kind", condition=Q(kind__in=["drafts", "prenotes", "refunds", "reversal"])
            ),
            models.UniqueConstraint(fields=["made_on", "id_modifier"], name="ach_file_modifier_once_a_day"),
            models.CheckConstraint(
                name="ach_file_of_a_run",
                condition=Q(kind="drafts", run__isnull=False) | (~Q(kind="drafts") & Q(run__isnull=True)),
            ),
        ]
        triggers = append_only("ach_file")


class AchEntry(models.Model):
    """One entry of a file of ours. The bank's answers name it by its trace."""

    file = models.ForeignKey(AchFile, models.PROTECT, related_name="lines")
    trace = models.CharField(max_length=15, unique=True)
    kind = models.CharField(max_length=8, help_text="draft, prenote, refund or reversal")
    transaction_code = models.PositiveSmallIntegerField()
    sec = models.CharField(max_length=3)
    amount_cents = models.BigIntegerField()
    settle_on = models.DateField()
    last_four = models.CharField(max_length=4)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="entries")
    draft = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="entry")
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="ach_entries")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ach_entry_kind",
                condition=Q(kind="draft", draft__isnull=False)
                | Q(kind="prenote", enrolment__isnull=False, amount_cents=0)
                | Q(kind="refund", payout__isnull=False)
                | Q(kind="reversal", reverses__isnull=False),
            ),
            models.CheckConstraint(name="ach_entry_amount", condition=Q(amount_cents__gte=0)),
        ]
        triggers = append_only("ach_entry")


class AchReversal(models.Model):
    """Entries of ours that were wrong, to be reversed at the bank: asked for by one person, decided by another."""

    ASKED, FILED, REFUSED = "asked", "filed", "refused"
    entries = models.JSONField(help_text="list of ids of entries")
    total_cents = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=8, default=ASKED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="ach_reversals")
    file = models.OneToOneField(AchFile, models.PROTECT, null=True, related_name="reversal")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="ach_reversals")

    class Meta:
        constraints = [
            models.CheckConstraint(name="ach_reversal_state", condition=Q(state__in=["asked", "filed", "refused"])),
        ]
        triggers = [
            never_deleted("ach_reversal"),
            pgtrigger.ReadOnly(
                name="ach_reversal_keeps_its_facts", fields=["entries", "total_cents", "reason", "deed"]
            ),
        ]


class BankFile(models.Model):
    """A file of returns and notifications of change, taken in once."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(help_text="the file, encrypted")
    returns = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    unmatched = models.PositiveIntegerField()
    cents = models.BigIntegerField(help_text="of the returns that were applied")
    taken_on = models.DateField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bank_files")

    class Meta:
        triggers = append_only("bank_file")


class BankAnswer(models.Model):
    """One line of a bank's file: an entry of ours that came back, or what it wants changed, and what was done."""

    RETURN, CHANGE = "return", "change"
    APPLIED, UNMATCHED = "applied", "unmatched"
    file = models.ForeignKey(BankFile, models.PROTECT, related_name="answers")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=6)
    code = models.CharField(max_length=3)
    original_trace = models.CharField(max_length=15)
    amount_cents = models.BigIntegerField()
    entry = models.ForeignKey(AchEntry, models.PROTECT, null=True, related_name="answers")
    outcome = models.CharField(max_length=9)
    says = models.JSONField(help_text="what was done, or why nothing: {message, values}")
    again = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="after_return")
    settled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+", help_text="who dealt with it")

    class Meta:
        indexes = [models.Index(fields=["outcome"])]
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="bank_answer_line_once"),
            models.CheckConstraint(name="bank_answer_kind", condition=Q(kind__in=["return", "change"])),
            models.CheckConstraint(name="bank_answer_outcome", condition=Q(outcome__in=["applied", "unmatched"])),
            models.CheckConstraint(
                name="bank_answer_applied_has_entry", condition=~Q(outcome="applied") | Q(entry__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(kind="return", outcome="applied"), name="bank_answer_returned_once"
            ),
        ]
        triggers = [
            never_deleted("bank_answer"),
            pgtrigger.ReadOnly(
                name="bank_answer_keeps_its_facts",
                fields=["file", "line", "kind", "code", "original_trace", "amount_cents", "entry", "outcome", "says"],
            ),
        ]
