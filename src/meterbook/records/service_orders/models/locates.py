"""Locate tickets of the 811 centre: each as it stands, every revision as it came, every answer given."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from meterbook.records.places.models import Premise
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models.orders import Order


@pghistory.track()
class Locate(models.Model):
    """A locate ticket as its newest revision says: who digs where, and by when our lines are marked.

    ``waiting``: nobody has answered the newest revision that asks. ``answered``: an answer that ends it was given.
    ``cancelled``: the excavator took it back. ``due_at`` is the policy's clock, None where no policy says one.
    """

    WAITING, ANSWERED, CANCELLED = "waiting", "answered", "cancelled"
    number = models.CharField(max_length=10, unique=True)
    revision = models.CharField(max_length=3)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, db_default=WAITING)
    called_at = models.DateTimeField()
    work_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200)
    work = models.CharField(max_length=120, blank=True)
    excavator = models.CharField(max_length=200, blank=True)
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="locates")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="locates")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="locates")

    class Meta:
        constraints = [
            models.CheckConstraint(name="locate_state", condition=Q(state__in=["waiting", "answered", "cancelled"]))
        ]
        indexes = [models.Index(fields=["state", "due_at"])]
        triggers = [never_deleted("locate")]


class LocateRevision(models.Model):
    """One revision of a ticket as it came: its fields, its text, and by which way."""

    locate = models.ForeignKey(Locate, models.PROTECT, related_name="revisions")
    revision = models.CharField(max_length=3)
    kind = models.CharField(max_length=20)
    said = models.JSONField(help_text="the ticket's fields by the centre's own names")
    raw = models.TextField()
    sha256 = models.CharField(max_length=64)
    way = models.CharField(max_length=10, help_text="hook, file")
    at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="locate_revisions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["locate", "revision"], name="locate_revision_once")]
        triggers = append_only("locate_revision")


class LocateAnswer(models.Model):
    """An answer to a ticket's revision: a code of the centre, words, and the order it was found out on."""

    locate = models.ForeignKey(Locate, models.PROTECT, related_name="answers")
    revision = models.CharField(max_length=3)
    code = models.CharField(max_length=3)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())
    late = models.BooleanField(help_text="whether the clock had run out")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="locate_answers")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="locate_answers")

    class Meta:
        triggers = append_only("locate_answer")
