"""Meters that keep intervals: their channels, what was loaded into the interval store, what bills take from it."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.metering.models.devices import Meter, Register
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Deed, ImportBatch


@pghistory.track()
class IntervalChannel(models.Model):
    """One flow a meter keeps in intervals; its id is the key of the interval store.

    Values are whole numbers of ``10**-decimals`` of ``unit`` and already carry the multiplier.
    """

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="channels")
    name = models.CharField(max_length=10, help_text="delivered, received or reactive")
    minutes = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10)
    decimals = models.PositiveSmallIntegerField(help_text="digits after the point of its smallest step")
    register = models.ForeignKey(Register, models.PROTECT, null=True, related_name="channels")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "name"], name="interval_channel_once"),
            models.CheckConstraint(
                name="interval_channel_name", condition=Q(name__in=["delivered", "received", "reactive"])
            ),
            models.CheckConstraint(name="interval_channel_minutes", condition=Q(minutes__in=[5, 15, 30, 60])),
            models.CheckConstraint(name="interval_channel_decimals", condition=Q(decimals__range=(0, 6))),
        ]
        triggers = [never_deleted("interval_channel")]


class IntervalLoad(models.Model):
    """One generation of the interval store: what it holds of which days; only generations on record are read."""

    generation = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=8, help_text="load, compact or retire")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="interval_loads")
    rows = models.BigIntegerField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="interval_loads")

    class Meta:
        constraints = [
            models.CheckConstraint(name="interval_load_kind", condition=Q(kind__in=["load", "compact", "retire"])),
            models.CheckConstraint(name="interval_load_order", condition=Q(starts__lte=F("ends"))),
        ]
        triggers = [never_deleted("interval_load")]


class BillingDeterminant(models.Model):
    """A figure a bill takes from intervals: energy by period, demand, reactive energy; newer versions win."""

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="billing_determinants")
    name = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField()
    number_e6 = models.BigIntegerField()
    unit = models.CharField(max_length=10)
    at = models.DateTimeField(null=True, help_text="when the highest demand began")
    intervals = models.PositiveIntegerField()
    missing = models.PositiveIntegerField(help_text="intervals that were expected and are not there")
    version = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="billing_determinants", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service_point", "name", "starts", "ends"],
                condition=Q(superseded=False),
                name="billing_determinant_current_once",
            ),
            models.CheckConstraint(name="billing_determinant_has_days", condition=Q(starts__lt=F("ends"))),
        ]
        triggers = [
            never_deleted("billing_determinant"),
            pgtrigger.ReadOnly(
                name="billing_determinant_keeps_its_facts",
                fields=["service_point", "name", "starts", "ends", "number_e6", "unit", "at", "version"],
            ),
        ]
