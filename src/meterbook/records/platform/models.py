"""What every area stands on: people and roles, deeds and events, approvals, released documents, time, imports."""

from __future__ import annotations

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.platform.fields import append_only, has_days, never_deleted, validity


class User(AbstractUser):
    """A person who signs in to work with Meterbook, or the system acting by itself."""

    language = models.CharField(max_length=2, default="en", help_text="language of the screens: en or es")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class RoleGrant(models.Model):
    """A role a user holds for a time; roles decide which operations a user may perform."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=40)
    validity = validity()
    deed = models.ForeignKey("Deed", models.PROTECT, null=True, related_name="role_grants", help_text="who gave it")

    class Meta:
        constraints = [has_days("role_grant_has_days")]


class Utility(models.Model):
    """The city's utility itself: who the bill comes from, in which timezone its days begin."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    department = models.CharField(max_length=120)
    address_lines = models.JSONField(help_text="list of printed address lines")
    remit_lines = models.JSONField(help_text="list of address lines payments are mailed to")
    phone = models.CharField(max_length=40)
    email = models.EmailField()
    website = models.CharField(max_length=120)
    office_hours = models.JSONField(help_text="text per language")
    timezone = models.CharField(max_length=60)
    due_days = models.PositiveSmallIntegerField(help_text="days from bill date to due date")
    due_days_source = models.CharField(max_length=200, help_text="citation of the rule")
    practice_since = models.DateField(null=True, help_text="day this anonymised copy was made; empty in the live one")


class BusinessClock(models.Model):
    """The office's current business date: one row, moved by an operation, never by the computer's clock."""

    only = models.BooleanField(primary_key=True, default=True)
    business_date = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="business_clock_single", condition=Q(only=True))]


class AccountingPeriod(models.Model):
    """A month of the books; entries carry the period they were booked in, and a closed period takes none."""

    code = models.CharField(max_length=7, unique=True, help_text="like 2026-07")
    validity = validity()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [has_days("accounting_period_has_days")]
        triggers = [never_deleted("accounting_period")]


class Approval(models.Model):
    """A request that a second person decides: shows what will post, and the asker can never be the decider."""

    PENDING, APPROVED, REFUSED, WITHDRAWN = "pending", "approved", "refused", "withdrawn"
    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    preview = models.JSONField(help_text="exactly what will post if approved")
    amount_cents = models.BigIntegerField(default=0)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="approvals_requested")
    requested_at = models.DateTimeField(db_default=Now())
    reason = models.TextField()
    status = models.CharField(max_length=10, default=PENDING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="approvals_decided")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_maker_is_not_checker",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="approval_decided_has_decider",
                condition=Q(status__in=["pending", "withdrawn"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(status__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        triggers = [
            never_deleted("approval"),
            pgtrigger.ReadOnly(
                name="approval_shows_what_was_shown",
                fields=["kind", "subject", "preview", "amount_cents", "requested_by", "requested_at", "reason"],
            ),
            pgtrigger.Protect(
                name="approval_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=["approved", "refused", "withdrawn"]),
            ),
        ]


class Deed(models.Model):
    """One act of one person on one business date, with the reason: the parent of everything it changed."""

    kind = models.CharField(max_length=100)
    actor = models.ForeignKey(User, models.PROTECT, related_name="deeds")
    business_date = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="deeds")

    class Meta:
        indexes = [models.Index(fields=["subject"]), models.Index(fields=["kind", "business_date"])]
        triggers = append_only("deed")


class Event(models.Model):
    """Something that happened, in the past tense, told by a deed in the deed's own transaction (the outbox)."""

    deed = models.ForeignKey(Deed, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only("event")


class Document(models.Model):
    """A released policy or tariff: cited, effective-dated, hashed YAML, immutable once two people released it."""

    kind = models.CharField(max_length=40, help_text="tariff, chart_of_accounts, …")
    code = models.CharField(max_length=60, help_text="schedule or policy code within its kind")
    sequence = models.PositiveIntegerField(help_text="1 for the first release of this code")
    effective = models.DateField(help_text="first day the newest version in it applies")
    citation = models.TextField()
    body = models.TextField(help_text="the YAML text as released")
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="documents_proposed")
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="document")
    released_by = models.ForeignKey(User, models.PROTECT, related_name="documents_released")
    released_on = models.DateField(help_text="business date of the release")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="documents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "sequence"], name="document_release_once"),
            models.CheckConstraint(name="document_two_people", condition=~Q(proposed_by=F("released_by"))),
        ]
        triggers = append_only("document")


class Attachment(models.Model):
    """A file kept with a record: a scan, a photo, the original of an import."""

    subject = models.CharField(max_length=200, db_index=True)
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="attachments")

    class Meta:
        triggers = append_only("attachment")


class ImportBatch(models.Model):
    """One file taken in: its hash makes taking it in again change nothing."""

    kind = models.CharField(max_length=40, help_text="reads, payments")
    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField(default=0, help_text="rows already on record with the same value")
    same_day = models.PositiveIntegerField(default=0, help_text="rows followed by a later one of the same day")
    rejected = models.PositiveIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="import_batches")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "sha256"], name="import_file_once"),
            models.CheckConstraint(
                name="import_accounts_for_every_row",
                condition=Q(rows=F("loaded") + F("unchanged") + F("same_day") + F("rejected")),
            ),
        ]
        triggers = append_only("import_batch")


class Correction(models.Model):
    """A row of an import that could not be taken: where it stands, what was found, what was expected."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="corrections")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=60)
    found = models.TextField()
    expected = models.TextField()
    raw = models.TextField()
    resolved_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="corrections_resolved")

    class Meta:
        indexes = [models.Index(fields=["batch", "line"])]
        triggers = [
            pgtrigger.ReadOnly(
                name="correction_keeps_its_facts",
                fields=["batch", "line", "field", "found", "expected", "raw"],
            ),
            never_deleted("correction"),
        ]
