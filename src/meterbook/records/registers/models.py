"""What the registers area keeps: lists with fields of their own, what the office knows, what may be destroyed."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.platform.fields import has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Approval, Deed, User


@pghistory.track()
class Register(models.Model):
    """A list the office keeps: vendors, stock of forms, bill codes. ``fields`` says what an entry has."""

    code = models.CharField(max_length=40, unique=True)
    title_en = models.CharField(max_length=80)
    title_es = models.CharField(max_length=80)
    fields = models.JSONField(help_text="list of {code, en, es, type, required, choices}")
    closed = models.BooleanField(default=False, help_text="takes no new entries")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="registers")

    class Meta:
        constraints = [models.CheckConstraint(name="register_has_title", condition=~Q(title_en="") & ~Q(title_es=""))]
        triggers = [never_deleted("register")]


@pghistory.track()
class RegisterEntry(models.Model):
    """One entry: its title, its values by field, and when somebody is reminded of it; ends, never deleted.

    ``words`` holds every value as text, for the search.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    title = models.CharField(max_length=160)
    values = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    remind_on = models.DateField(null=True)
    remind = models.ForeignKey(User, models.PROTECT, null=True, related_name="reminders")
    ended_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="register_entries_ended")
    version = models.PositiveIntegerField(default=1)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="register_entries")

    class Meta:
        constraints = [
            models.CheckConstraint(name="register_entry_has_title", condition=~Q(title="")),
            models.UniqueConstraint(
                name="register_entry_once", fields=["register", "title"], condition=Q(ended_by__isnull=True)
            ),
        ]
        triggers = [never_deleted("register_entry")]


class Article(models.Model):
    """Something the office knows and tells callers: a policy, rates, how to save water, aid, whom to call."""

    KINDS = ("policy", "rates", "conservation", "aid", "water_quality", "city")
    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="articles")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="article_kind",
                condition=Q(kind__in=["policy", "rates", "conservation", "aid", "water_quality", "city"]),
            )
        ]
        triggers = [never_deleted("article")]


@pghistory.track()
class ArticleVersion(models.Model):
    """What an article says on some days, in both languages, with its source; on one day one version holds."""

    DRAFT, RELEASED, DROPPED = "draft", "released", "dropped"
    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120)
    body_en = models.TextField()
    body_es = models.TextField()
    citation = models.CharField(max_length=300)
    validity = validity()
    state = models.CharField(max_length=8, default=DRAFT)
    written_by = models.ForeignKey(Deed, models.PROTECT, related_name="article_versions")
    released_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="article_versions_released")

    class Meta:
        constraints = [
            has_days("article_version_has_days"),
            no_overlap("article_one_version_a_day", "article_id", where=Q(state="released")),
            models.CheckConstraint(
                name="article_version_state",
                condition=Q(state="released", released_by__isnull=False) | Q(state__in=["draft", "dropped"]),
            ),
        ]
        triggers = [
            never_deleted("article_version"),
            pgtrigger.ReadOnly(
                name="article_version_says_what_it_said",
                fields=["article", "title_en", "title_es", "body_en", "body_es", "citation", "written_by"],
            ),
        ]


class DestructionList(models.Model):
    """Files whose retention is over, as they stood when somebody asked; a second person agrees or not.

    The database keeps files from being deleted; what was agreed here is destroyed with the archive's own means, and the
    list proves what it was.
    """

    ASKED, AGREED, REFUSED = "asked", "agreed", "refused"
    retention = models.CharField(max_length=40, help_text="code of the class in the policy retention")
    before = models.DateField(help_text="files of days before this one")
    files = models.JSONField(help_text="list of {id, subject, name, sha256, kept_on}")
    state = models.CharField(max_length=7, default=ASKED)
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="destruction_list")
    asked_by = models.ForeignKey(Deed, models.PROTECT, related_name="destruction_lists")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="destruction_lists_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="destruction_list_state",
                condition=Q(state="asked", decided_by__isnull=True)
                | Q(state__in=["agreed", "refused"], decided_by__isnull=False),
            )
        ]
        triggers = [
            never_deleted("destruction_list"),
            pgtrigger.ReadOnly(
                name="destruction_list_keeps_its_facts", fields=["retention", "before", "files", "approval", "asked_by"]
            ),
        ]
