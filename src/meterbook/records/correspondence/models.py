"""Letters the office writes: templates with their versions, and letters as they were sent."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed


@pghistory.track()
class LetterTemplate(models.Model):
    """A letter the office sends again and again, kept by the office itself; its text is in its versions."""

    code = models.SlugField(max_length=40, unique=True)
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120)
    in_use = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted("letter_template")]

    def __str__(self) -> str:
        return self.code


class TemplateVersion(models.Model):
    """The text of a template as one person saved it, in both languages; a letter names the version it came from.

    Paragraphs are parted by an empty line; ``{past_due}`` and its like stand for figures of the account.
    """

    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="versions")
    sequence = models.PositiveIntegerField()
    subject_en = models.CharField(max_length=160)
    body_en = models.TextField()
    subject_es = models.CharField(max_length=160)
    body_es = models.TextField()
    citation = models.CharField(max_length=300, blank=True, help_text="the rule the letter rests on, printed small")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="letter_versions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "sequence"], name="letter_version_once"),
            models.CheckConstraint(
                name="letter_version_in_both_languages",
                condition=~Q(subject_en="") & ~Q(body_en="") & ~Q(subject_es="") & ~Q(body_es=""),
            ),
        ]
        triggers = append_only("letter_version")


class LetterMerge(models.Model):
    """One letter written to many accounts at once: who was asked for, and how many were written."""

    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="merges")
    written_on = models.DateField()
    asked = models.JSONField(help_text="how the accounts were chosen")
    letters = models.PositiveIntegerField()
    key = models.CharField(max_length=64, unique=True, help_text="the page's own; sent twice it is one merge")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="letter_merges")

    class Meta:
        triggers = append_only("letter_merge")


class OfficeLetter(models.Model):
    """A letter as it was written: every word of it, to whom and where to. Never changed; a better one is another."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="office_letters")
    version = models.ForeignKey(TemplateVersion, models.PROTECT, null=True, related_name="letters")
    merge = models.ForeignKey(LetterMerge, models.PROTECT, null=True, related_name="items")
    language = models.CharField(max_length=2)
    written_on = models.DateField()
    mail = models.JSONField(help_text="list of printed lines, the name first")
    subject = models.CharField(max_length=160)
    paragraphs = models.JSONField(help_text="list of printed paragraphs")
    citation = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="office_letters")

    class Meta:
        constraints = [
            models.CheckConstraint(name="office_letter_language", condition=Q(language__in=["en", "es"])),
            models.UniqueConstraint(fields=["merge", "account"], name="office_letter_once_a_merge"),
        ]
        triggers = append_only("office_letter")
