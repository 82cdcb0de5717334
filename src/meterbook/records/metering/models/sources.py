"""Where reads come from: configured sources, and every file received from them, taken in or refused."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, ImportBatch


@pghistory.track()
class ReadSource(models.Model):
    """A sender of reads: its format, its timezone, whether its numbers carry the multiplier already."""

    name = models.CharField(max_length=60, unique=True)
    format = models.CharField(max_length=40)
    via = models.CharField(max_length=10, help_text="upload, folder or mailbox")
    location = models.CharField(max_length=300, blank=True, help_text="the folder, or the mailbox's name")
    pattern = models.CharField(max_length=100, blank=True, help_text="file names taken, like *.csv")
    timezone = models.CharField(max_length=60, blank=True, help_text="of its times; empty is the utility's own")
    multiplier_applied = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="read_sources")

    class Meta:
        constraints = [
            models.CheckConstraint(name="read_source_via", condition=Q(via__in=["upload", "folder", "mailbox"])),
            models.CheckConstraint(name="read_source_has_location", condition=Q(via="upload") | ~Q(location="")),
        ]


class ReceivedFile(models.Model):
    """A file that came from a source: the batch it became, or why it was refused as a whole."""

    source = models.ForeignKey(ReadSource, models.PROTECT, related_name="files")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="received")
    refusal = models.TextField(blank=True)
    received_at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="received_files")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="received_file_has_an_end",
                condition=Q(batch__isnull=False, refusal="") | (Q(batch__isnull=True) & ~Q(refusal="")),
            )
        ]
        triggers = append_only("received_file")
