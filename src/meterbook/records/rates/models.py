"""Schedules: the names under which tariffs are released; the tariff itself is a released document."""

from __future__ import annotations

import pghistory
from django.db import models

from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Document


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
        triggers = [never_deleted("schedule")]
