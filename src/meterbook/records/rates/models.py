"""Schedules, the versions released under them, and the drafts of versions to come.

The tariff itself is a released document; what stands here names it, lists its versions and keeps the work before it.
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, Document, User


@pghistory.track()
class Schedule(models.Model):
    """A rate schedule, like E-RES; its current tariff document holds every version with its dates."""

    code = models.CharField(max_length=20, unique=True)
    commodity = models.CharField(max_length=20)
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120)
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="+", help_text="the newest released tariff document"
    )

    class Meta:
        triggers = [
            never_deleted("schedule"),
            pgtrigger.Trigger(
                name="schedule_document_moves_on",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__document__df=pgtrigger.F("new__document")),
                func="""
                    IF NOT EXISTS (SELECT FROM platform_document n JOIN platform_document o ON o.id = OLD.document_id
                                    WHERE n.id = NEW.document_id AND n.kind = 'tariff' AND n.code = NEW.code
                                      AND n.sequence > o.sequence) THEN
                        RAISE EXCEPTION 'schedule %: its document only moves to a newer release of its own', NEW.code;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class ReleasedVersion(models.Model):
    """One version of a schedule, listed as it was released: from which day, by which resolution, in which document."""

    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="versions")
    version = models.CharField(max_length=40)
    effective = models.DateField(help_text="first day it applies")
    resolution = models.TextField()
    section = models.TextField()
    url = models.TextField()
    adopted = models.DateField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="the release that brought it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "version"], name="version_named_once"),
            models.UniqueConstraint(fields=["schedule", "effective"], name="version_begins_alone"),
        ]
        triggers = append_only("released_version")


class WorkedCases(models.Model):
    """The golden bills of a released tariff document: YAML of worked cases, proven by both faces before the release."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="cases")
    body = models.TextField(help_text="the YAML text of the cases")
    sha256 = models.CharField(max_length=64)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only("worked_cases")


@pghistory.track()
class RateDraft(models.Model):
    """A tariff document being written: begun by somebody, submitted, then released by somebody else, or withdrawn."""

    DRAFT, SUBMITTED, RELEASED, WITHDRAWN = "draft", "submitted", "released", "withdrawn"
    code = models.CharField(max_length=20, help_text="the schedule it is for, released already or new")
    title = models.CharField(max_length=120, help_text="what the change is, in the office's words")
    based_on = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="+", help_text="the release it was begun from"
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="rate_drafts")
    begun_on = models.DateField(help_text="business date")
    status = models.CharField(max_length=10, default=DRAFT)
    approval = models.OneToOneField(Approval, models.PROTECT, null=True, related_name="rate_draft")
    reaches_back = models.BooleanField(
        default=False, help_text="submitted knowing that bills were issued for days it applies to"
    )
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="rate_draft")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rate_draft_status",
                condition=Q(status="draft", document__isnull=True)
                | Q(status="submitted", approval__isnull=False, document__isnull=True)
                | Q(status="released", approval__isnull=False, document__isnull=False)
                | Q(status="withdrawn", document__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="submitted"), name="rate_draft_submitted_one_at_a_time"
            ),
        ]
        triggers = [
            never_deleted("rate_draft"),
            pgtrigger.ReadOnly(
                name="rate_draft_keeps_its_origin", fields=["code", "title", "based_on", "author", "begun_on"]
            ),
            pgtrigger.Protect(
                name="rate_draft_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=["released", "withdrawn"]),
            ),
            pgtrigger.Trigger(
                name="rate_draft_released_by_another",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__status="released"),
                func="""
                    IF EXISTS (SELECT FROM rates_raterevision r JOIN platform_document d ON d.id = NEW.document_id
                                WHERE r.draft_id = NEW.id AND r.saved_by_id = d.released_by_id) THEN
                        RAISE EXCEPTION 'draft % is released by one of its writers', NEW.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class RateRevision(models.Model):
    """One saved state of a draft: the tariff's text and its golden bills. Kept for good."""

    draft = models.ForeignKey(RateDraft, models.PROTECT, related_name="revisions")
    sequence = models.PositiveIntegerField(help_text="1 for the first state of this draft")
    body = models.TextField(help_text="the tariff's YAML text; may still be wrong")
    cases = models.TextField(help_text="the YAML text of its golden bills; may still be wrong")
    sha256 = models.CharField(max_length=64, help_text="of the tariff's text")
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="rate_revisions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "sequence"], name="rate_revision_once")]
        triggers = [
            *append_only("rate_revision"),
            pgtrigger.Trigger(
                name="rate_revision_of_an_open_draft",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT FROM rates_ratedraft d WHERE d.id = NEW.draft_id AND d.status = 'draft') THEN
                        RAISE EXCEPTION 'draft % is not open: its text stays', NEW.draft_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
