"""The pre-bill register: what stands out among a run's bills, and what a person let through all the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.billing.models.runs import BillRun
from meterbook.records.customers.models import Account
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed


class RegisterMark(models.Model):
    """One test that one bill of a run does not pass, with both figures and what they differ by in cents.

    ``effect`` is ``show``, ``hold`` (the account was held because of it) or ``cleared`` (it would hold, but a person
    let this figure through). ``figure`` and ``compared`` are cents, millionths of the unit or days: see ``measure``.
    """

    run = models.ForeignKey(BillRun, models.CASCADE, related_name="marks")
    account = models.ForeignKey(Account, models.PROTECT, related_name="register_marks")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="+", db_index=False)
    commodity = models.CharField(max_length=20, blank=True)
    test = models.CharField(max_length=24)
    effect = models.CharField(max_length=8)
    measure = models.CharField(max_length=8, help_text="cents, usage, days, or nothing")
    unit = models.CharField(max_length=10, blank=True, help_text="unit of a usage")
    figure = models.BigIntegerField(null=True)
    compared = models.BigIntegerField(null=True)
    against = models.CharField(max_length=8, blank=True, help_text="last, year, cap, peers, or nothing")
    cents = models.BigIntegerField(help_text="what is at stake; never negative")
    line = models.IntegerField(null=True, help_text="place of the segment's largest line")
    details = models.JSONField(default=dict, help_text="class, meter size, dates: what the sentence names beside")

    class Meta:
        constraints = [
            models.CheckConstraint(name="register_mark_effect", condition=Q(effect__in=["show", "hold", "cleared"])),
            models.CheckConstraint(name="register_mark_cents", condition=Q(cents__gte=0)),
        ]


class BillClearance(models.Model):
    """A person looked at an implausible bill and lets it go out, up to the figure that was seen."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="bill_clearances")
    run = models.ForeignKey(BillRun, models.PROTECT, related_name="clearances")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="+", db_index=False)
    test = models.CharField(max_length=24)
    figure = models.BigIntegerField(help_text="the figure that was seen, in the test's measure")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bill_clearances")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only("bill_clearance")
