"""Meters with their registers: what they are, where they hang, how they were tested, what seals and locks them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.places.models import Route, ServicePoint
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed


@pghistory.track()
class Meter(models.Model):
    """A device that measures one commodity; a compound meter has two delivering registers.

    ``cleared`` says that a test passed since it was received or taken down; without it no meter is installed.
    """

    RECEIVED, TESTED, IN_STOCK, INSTALLED = "received", "tested", "in_stock", "installed"
    REMOVED, REFURBISHED, RETIRED = "removed", "refurbished", "retired"
    STATES = (RECEIVED, TESTED, IN_STOCK, INSTALLED, REMOVED, REFURBISHED, RETIRED)
    serial = models.CharField(max_length=30, unique=True)
    commodity = models.CharField(max_length=20)
    size = models.CharField(max_length=10, help_text="nominal size in inches for water, form for electricity")
    manufacturer = models.CharField(max_length=60)
    model = models.CharField(max_length=60)
    state = models.CharField(max_length=12, db_default=INSTALLED)
    cleared = models.BooleanField(db_default=True, help_text="passed a test since it was received or taken down")
    received_on = models.DateField(null=True, help_text="when it came to the meter shop, if known")
    lot = models.CharField(max_length=40, db_default="", help_text="purchase order or shipment it came with")
    endpoint = models.CharField(max_length=40, db_default="", help_text="radio or module number that reads it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meter_state_known",
                condition=Q(
                    state__in=["received", "tested", "in_stock", "installed", "removed", "refurbished", "retired"]
                ),
            ),
            models.CheckConstraint(
                name="meter_installed_only_cleared", condition=~Q(state="installed") | Q(cleared=True)
            ),
        ]
        indexes = [models.Index(fields=["state"])]
        triggers = [never_deleted("meter")]


class MeterStep(models.Model):
    """One step in a meter's life: received, tested, put in stock, installed, removed, refurbished, retired."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12)
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="meter_steps")

    class Meta:
        triggers = append_only("meter_step")


class MeterTest(models.Model):
    """A test of a meter's accuracy at one or more flows or loads, against the limits in force for its type."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="tests")
    tested_on = models.DateField()
    kind = models.CharField(max_length=10, help_text="factory, as_found, as_left")
    points = models.JSONField(help_text="list of point, accuracy and limits in percent as text, passed")
    passed = models.BooleanField()
    tester = models.CharField(max_length=80)
    certificate = models.CharField(max_length=80, blank=True)
    limits_citation = models.CharField(max_length=300)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="meter_tests")

    class Meta:
        constraints = [
            models.CheckConstraint(name="meter_test_kind", condition=Q(kind__in=["factory", "as_found", "as_left"]))
        ]
        triggers = append_only("meter_test")


@pghistory.track()
class Register(models.Model):
    """One counting dial of a meter: its channel, digits, multiplier and unit are never optional.

    The smallest step it shows (its resolution) is one in the last of its ``decimals``.
    """

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


@pghistory.track()
class Seal(models.Model):
    """A numbered seal, or a lock that keeps a service shut, on a meter or its service point, while it is on."""

    SEAL, LOCK = "seal", "lock"
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=4)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="seals")
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="seals")
    validity = validity()
    note = models.CharField(max_length=300, blank=True, help_text="how it was found when it came off")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="seals")

    class Meta:
        constraints = [
            has_days("seal_has_days"),
            models.CheckConstraint(name="seal_kind", condition=Q(kind__in=["seal", "lock"])),
        ]
        triggers = [never_deleted("seal")]


@pghistory.track()
class AmiOptOut(models.Model):
    """A service point whose customer declined the radio: read by hand on a manual route, for a time."""

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="opt_outs")
    left_route = models.ForeignKey(Route, models.PROTECT, related_name="+", help_text="the route it returns to")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="opt_outs")

    class Meta:
        constraints = [has_days("opt_out_has_days"), no_overlap("opt_out_once", "service_point_id")]


class Ping(models.Model):
    """A question put to the head-end about one meter, and its answer: does it talk, what does it show."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="pings")
    kind = models.CharField(max_length=10, help_text="ping or read")
    head_end = models.CharField(max_length=60)
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True, help_text="the head-end's own time of the answer")
    answered = models.BooleanField()
    value = models.DecimalField(max_digits=15, decimal_places=6, null=True)
    message = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="pings")

    class Meta:
        constraints = [models.CheckConstraint(name="ping_kind", condition=Q(kind__in=["ping", "read"]))]
        triggers = append_only("ping")
