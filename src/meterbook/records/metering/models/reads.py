"""What registers showed, and the usage between two reads."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.metering.models.devices import Register
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted, refuses
from meterbook.records.platform.models import Deed, ImportBatch


class Read(models.Model):
    """What a register showed on a day, as it came; a correction is a newer version, never an overwrite.

    Only an accepted read makes usage. A queued one waits for somebody's decision, a rejected one was refused by one.
    """

    ACCEPTED, QUEUED, REJECTED = "accepted", "queued", "rejected"
    FILE, KEYED, EDITED, ESTIMATED, HEAD_END, MDM = "file", "keyed", "edited", "estimated", "head_end", "mdm"
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
    status = models.CharField(max_length=8, db_default=ACCEPTED)
    origin = models.CharField(max_length=9, db_default=FILE, help_text="who made it: a file, a key, an edit, …")
    reader = models.CharField(max_length=40, db_default="", help_text="who read it, if the source says")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="reads", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "read_on"],
                condition=Q(superseded=False, status="accepted"),
                name="read_current_once",
            ),
            models.UniqueConstraint(fields=["register", "read_on", "version"], name="read_version_once"),
            models.CheckConstraint(name="read_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="read_status_known", condition=Q(status__in=["accepted", "queued", "rejected"])
            ),
            models.CheckConstraint(
                name="read_origin_known",
                condition=Q(origin__in=["file", "keyed", "edited", "estimated", "head_end", "mdm"]),
            ),
        ]
        indexes = [
            models.Index(
                name="read_estimates_in_force",
                fields=["register", "read_on"],
                condition=Q(estimated=True, superseded=False, status="accepted"),
            )
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
                    "origin",
                    "reader",
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


class Estimate(models.Model):
    """How an estimated read was made: method, the figures it rests on, how far it can be trusted."""

    read = models.OneToOneField(Read, models.PROTECT, related_name="estimate")
    method = models.CharField(max_length=40)
    confidence = models.PositiveSmallIntegerField(help_text="percent")
    inputs = models.JSONField(help_text="the figures the method rests on, exact decimals as text")
    in_a_row = models.PositiveSmallIntegerField(help_text="estimated periods in a row, this one included")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="estimates")

    class Meta:
        constraints = [models.CheckConstraint(name="estimate_confidence", condition=Q(confidence__range=(0, 100)))]
        triggers = append_only("estimate")


class TrueUp(models.Model):
    """What an estimated period turned out to be once a real read came: what was taken, and what it becomes."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="true_ups")
    read = models.ForeignKey(Read, models.PROTECT, related_name="true_ups", help_text="the read that settled it")
    starts = models.DateField()
    ends = models.DateField()
    was_e6 = models.BigIntegerField(help_text="millionths of the register's unit times its multiplier")
    becomes_e6 = models.BigIntegerField()
    settled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="true_ups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["read", "starts"], name="true_up_once"),
            models.CheckConstraint(name="true_up_not_negative", condition=Q(becomes_e6__gte=0)),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="true_up_keeps_its_facts",
                fields=["register", "read", "starts", "ends", "was_e6", "becomes_e6"],
            ),
            never_deleted("true_up"),
        ]
