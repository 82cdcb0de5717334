"""Reads somebody must look at: what each rule found, who decided, and what was sent back to another system."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.metering.models.devices import Register
from meterbook.records.metering.models.intervals import IntervalChannel
from meterbook.records.metering.models.reads import Read
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, User


class ReadException(models.Model):
    """One item of the exception queue: a read, a read that did not come, or a day of intervals, until decided."""

    OPEN, WAITING, RESOLVED = "open", "waiting", "resolved"
    ACCEPTED, CORRECTED, ESTIMATED, REJECTED, PASSED = "accepted", "corrected", "estimated", "rejected", "passed"
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="read_exceptions")
    register = models.ForeignKey(Register, models.PROTECT, null=True, related_name="exceptions")
    read = models.ForeignKey(Read, models.PROTECT, null=True, related_name="exceptions")
    channel = models.ForeignKey(IntervalChannel, models.PROTECT, null=True, related_name="exceptions")
    on = models.DateField(help_text="the day read, the day a read was due, or the day of the intervals")
    source = models.CharField(max_length=10, db_default="rules", help_text="rules, mdm or person")
    reference = models.CharField(max_length=60, db_default="", help_text="the other system's number of it")
    raised_on = models.DateField()
    found_e6 = models.BigIntegerField(null=True, help_text="usage as it stands, millionths of the unit")
    expected_e6 = models.BigIntegerField(null=True, help_text="usage as history lets expect, millionths")
    unit = models.CharField(max_length=10, db_default="")
    at_risk_cents = models.BigIntegerField(help_text="what a wrong decision may cost, for the order of work")
    state = models.CharField(max_length=8, db_default=OPEN)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="read_exceptions")
    resolution = models.CharField(max_length=10, db_default="")
    resolved_on = models.DateField(null=True)
    resolved_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="read_exceptions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["read"], name="read_exception_once"),
            models.UniqueConstraint(
                fields=["register", "on"],
                condition=Q(read__isnull=True, channel__isnull=True, source="rules"),
                name="missing_read_once",
            ),
            models.UniqueConstraint(fields=["channel", "on"], name="interval_exception_once"),
            models.CheckConstraint(name="read_exception_state", condition=Q(state__in=["open", "waiting", "resolved"])),
            models.CheckConstraint(
                name="read_exception_resolved_by_someone",
                condition=Q(
                    state="resolved",
                    resolved_by__isnull=False,
                    resolved_on__isnull=False,
                    resolution__in=["accepted", "corrected", "estimated", "rejected", "passed"],
                )
                | (~Q(state="resolved") & Q(resolved_by__isnull=True, resolved_on__isnull=True, resolution="")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-at_risk_cents"]),
            models.Index(fields=["service_point", "on"]),
        ]
        triggers = [
            never_deleted("read_exception"),
            pgtrigger.ReadOnly(
                name="read_exception_keeps_its_facts",
                fields=["service_point", "register", "read", "channel", "on", "source", "reference", "raised_on"],
            ),
        ]


class Finding(models.Model):
    """What one rule found about a read or a day of intervals, with its figures; holds the read, or only notes it."""

    exception = models.ForeignKey(ReadException, models.PROTECT, null=True, related_name="findings")
    read = models.ForeignKey(Read, models.PROTECT, null=True, related_name="findings")
    channel = models.ForeignKey(IntervalChannel, models.PROTECT, null=True, related_name="findings", db_index=False)
    on = models.DateField()
    rule = models.CharField(max_length=40)
    holds = models.BooleanField(help_text="kept the read back, rather than being noted beside it")
    figures = models.JSONField(help_text="what the rule's sentence is filled with")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="findings", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["rule", "on"])]
        triggers = append_only("finding")


class MdmClearance(models.Model):
    """The decision on an exception of another system's meter data management, and whether that system knows it."""

    exception = models.OneToOneField(ReadException, models.PROTECT, related_name="clearance")
    decision = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    sent = models.BooleanField(db_default=False)
    answer = models.CharField(max_length=300, db_default="")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="clearances")

    class Meta:
        triggers = [never_deleted("mdm_clearance")]
