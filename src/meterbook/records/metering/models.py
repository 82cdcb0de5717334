"""Meters, their registers, where they hang, what they read, and the usage between two reads."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import has_days, no_overlap, refuses, validity
from meterbook.records.platform.models import Deed, ImportBatch


@pghistory.track()
class Meter(models.Model):
    """A device that measures one commodity; a compound meter has two delivering registers."""

    serial = models.CharField(max_length=30, unique=True)
    commodity = models.CharField(max_length=20)
    size = models.CharField(max_length=10, help_text="nominal size in inches for water, form for electricity")
    manufacturer = models.CharField(max_length=60)
    model = models.CharField(max_length=60)


@pghistory.track()
class Register(models.Model):
    """One counting dial of a meter: its channel, digits, multiplier and unit are never optional."""

    DELIVERED, RECEIVED, HIGH_FLOW, LOW_FLOW = "delivered", "received", "high_flow", "low_flow"
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="registers")
    channel = models.CharField(max_length=12)
    dials = models.PositiveSmallIntegerField(help_text="digits before the decimal point")
    decimals = models.PositiveSmallIntegerField(help_text="digits after the decimal point")
    multiplier = models.DecimalField(max_digits=12, decimal_places=6)
    unit = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "channel"], name="register_channel_once"),
            models.CheckConstraint(
                name="register_channel_known",
                condition=Q(channel__in=["delivered", "received", "high_flow", "low_flow"]),
            ),
            models.CheckConstraint(name="register_dials", condition=Q(dials__range=(3, 9))),
            models.CheckConstraint(name="register_multiplier", condition=Q(multiplier__gt=0)),
        ]


@pghistory.track()
class Installation(models.Model):
    """A meter hanging at a service point for a time; neither can be doubled on any day."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="installations")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="installations")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="installations")

    class Meta:
        constraints = [
            has_days("installation_has_days"),
            no_overlap("installation_one_place", "meter_id"),
            no_overlap("installation_one_meter", "service_point_id"),
        ]


class Read(models.Model):
    """What a register showed on a day, as it came; a correction is a newer version, never an overwrite."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="reads")
    read_on = models.DateField(help_text="local date")
    read_at = models.DateTimeField(help_text="instant; the source's local time in the utility's timezone")
    value = models.DecimalField(max_digits=15, decimal_places=6, help_text="the register as displayed")
    estimated = models.BooleanField(default=False)
    starts_chain = models.BooleanField(default=False, help_text="read at installation: no usage before it")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="reads")
    line = models.PositiveIntegerField(null=True, help_text="line in the imported file")
    raw = models.TextField(blank=True, help_text="the source's own words, untouched")
    version = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="reads", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "read_on"], condition=Q(superseded=False), name="read_current_once"
            ),
            models.UniqueConstraint(fields=["register", "read_on", "version"], name="read_version_once"),
            models.CheckConstraint(name="read_not_negative", condition=Q(value__gte=0)),
        ]
        triggers = [
            pgtrigger.Protect(name="read_no_delete", operation=pgtrigger.Delete),
            refuses("read_no_truncate", pgtrigger.Truncate, "reads stay"),
            pgtrigger.ReadOnly(
                name="read_raw_kept",
                fields=[
                    "register",
                    "read_on",
                    "read_at",
                    "value",
                    "estimated",
                    "starts_chain",
                    "batch",
                    "line",
                    "raw",
                    "version",
                ],
            ),
        ]


class Usage(models.Model):
    """What passed a register between two reads, in the register's unit times its multiplier; never negative.

    The reads are the rows it is derived from and are never deleted, so no foreign key checks them again row by row.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="usages")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="usages")
    from_read = models.ForeignKey(Read, models.PROTECT, related_name="usages_from", db_index=False, db_constraint=False)
    to_read = models.ForeignKey(Read, models.PROTECT, related_name="usages_to", db_constraint=False)
    starts = models.DateField()
    ends = models.DateField()
    quantity_e6 = models.BigIntegerField(help_text="millionths of the register's unit")
    rollover = models.BooleanField()
    estimated = models.BooleanField()
    version = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="usage_not_negative", condition=Q(quantity_e6__gte=0)),
            models.CheckConstraint(name="usage_has_days", condition=Q(starts__lt=F("ends"))),
            models.UniqueConstraint(
                fields=["register", "ends"], condition=Q(superseded=False), name="usage_current_once"
            ),
        ]
        indexes = [models.Index(fields=["service_point", "ends"])]
        triggers = [
            pgtrigger.Protect(name="usage_no_delete", operation=pgtrigger.Delete),
            refuses("usage_no_truncate", pgtrigger.Truncate, "usage stays"),
            pgtrigger.ReadOnly(
                name="usage_keeps_its_facts",
                fields=[
                    "register",
                    "service_point",
                    "from_read",
                    "to_read",
                    "starts",
                    "ends",
                    "quantity_e6",
                    "rollover",
                    "estimated",
                    "version",
                ],
            ),
        ]


class UsageException(models.Model):
    """Two reads that make no believable usage; nothing is billed on them until someone decides."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="exceptions")
    from_read = models.ForeignKey(Read, models.PROTECT, related_name="+")
    to_read = models.ForeignKey(Read, models.PROTECT, related_name="+")
    problem = models.CharField(max_length=60)
    raised_on = models.DateField()
    resolved_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["from_read", "to_read"], name="exception_once")]
