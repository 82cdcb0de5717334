"""What brings new connections: permits of the building department, what came of them, and quotes for the work."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, Document, ImportBatch


@pghistory.track()
class Permit(models.Model):
    """A building permit as the city sent it last, and what the office made of it.

    ``said`` holds every field as it came, ``meters`` the services asked for as [service, size, how many]. A permit that
    changed after the office had dealt with it is ``changed`` until somebody has looked at it again.
    """

    WAITS, TAKEN, DISMISSED = "waits", "taken", "dismissed"
    number = models.CharField(max_length=40, unique=True)
    format = models.CharField(max_length=40)
    issued_on = models.DateField()
    kind = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=60, blank=True)
    parcel_number = models.CharField(max_length=30, blank=True)
    street_number = models.CharField(max_length=12)
    street = models.CharField(max_length=80)
    unit = models.CharField(max_length=12, blank=True)
    applicant = models.CharField(max_length=160, blank=True)
    said = models.JSONField()
    meters = models.JSONField(default=list)
    state = models.CharField(max_length=9, default=WAITS)
    changed = models.BooleanField(default=False)
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="permits")
    note = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="permits")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="permits")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="permits_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="permit_state", condition=Q(state__in=["waits", "taken", "dismissed"])),
            models.CheckConstraint(
                name="permit_decided", condition=Q(state="waits") | Q(decided_by__isnull=False)
            ),
            models.CheckConstraint(
                name="permit_taken_somewhere", condition=~Q(state="taken") | Q(premise__isnull=False)
            ),
        ]  # fmt: skip
        triggers = [never_deleted("permit")]

    @property
    def address(self) -> str:
        """Where it builds, in one line."""
        return " ".join(filter(None, (self.street_number, self.street, self.unit)))


class PermitPoint(models.Model):
    """A service point that exists because of a permit."""

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="points")
    service_point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="permit")
    size = models.CharField(max_length=10, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="permit_points")

    class Meta:
        triggers = append_only("permit_point")


@pghistory.track()
class Quote(models.Model):
    """What a connection will cost: its lines as worked out on the day, what counts as credit, until when it holds.

    ``asked`` is what was typed, ``lines`` what came of it ([code, English, Spanish, quantity, unit, price, cents]);
    credits are lines below zero. The lines never change; another quote takes its place.
    """

    ISSUED, ACCEPTED, WITHDRAWN = "issued", "accepted", "withdrawn"
    number = models.CharField(max_length=14, unique=True)
    permit = models.ForeignKey(Permit, models.PROTECT, null=True, related_name="quotes")
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="quotes")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="quotes")
    name = models.CharField(max_length=160)
    mail = models.JSONField(help_text="list of printed address lines")
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=40, help_text="kind of installation of the policy")
    words_en = models.CharField(max_length=120)
    words_es = models.CharField(max_length=120)
    service = models.CharField(max_length=20)
    size = models.CharField(max_length=10, blank=True)
    meters = models.PositiveSmallIntegerField()
    asked = models.JSONField()
    lines = models.JSONField()
    total_cents = models.BigIntegerField()
    issued_on = models.DateField()
    valid_until = models.DateField(help_text="the last day it can be accepted")
    state = models.CharField(max_length=9, default=ISSUED)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy installation-costs")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="quotes")
    ended_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="quotes_ended")

    class Meta:
        constraints = [
            models.CheckConstraint(name="quote_state", condition=Q(state__in=["issued", "accepted", "withdrawn"])),
            models.CheckConstraint(name="quote_ended", condition=Q(state="issued") | Q(ended_by__isnull=False)),
            models.CheckConstraint(name="quote_language", condition=Q(language__in=["en", "es"])),
            models.CheckConstraint(name="quote_some_meters", condition=Q(meters__gte=1)),
        ]
        triggers = [never_deleted("quote")]
