"""Service orders: what somebody is sent to do, every step of it, and the orders it hangs together with."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.customers.models import Account
from meterbook.records.metering.models import FieldRequest
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models.crews import Crew

KINDS = (
    "set", "remove", "swap", "on", "off", "lock", "unlock", "seal", "unseal", "re_read", "final_read", "initial_read",
    "verify_number", "verify_location", "check", "test", "leak_check", "tamper", "door_hanger", "locate", "cart",
    "route_change",
)  # fmt: skip
#: Why service goes off or on; nonpayment is never mixed with what a customer asks for.
CAUSES = ("requested", "nonpayment", "vacant", "emergency", "repair", "theft")


@pghistory.track()
class Order(models.Model):
    """A service order: what is to be done where, by whom and by when, and how far it is.

    ``version`` counts what the office changes, so that a crew that was out of reach can be told. ``details`` holds what
    the kind asks for (the meter to hang, the cart's size, the route). ``source_kind`` and ``source_id`` say what asked
    for it, like ``move`` 12.
    """

    DRAFT, APPROVED, SCHEDULED, DISPATCHED = "draft", "approved", "scheduled", "dispatched"
    ON_SITE, COMPLETED, UNABLE, CANCELLED = "on_site", "completed", "unable", "cancelled"
    REVIEWED, CLOSED = "reviewed", "closed"
    STATES = (
        DRAFT, APPROVED, SCHEDULED, DISPATCHED, ON_SITE, COMPLETED, UNABLE, CANCELLED, REVIEWED, CLOSED,
    )  # fmt: skip
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=10, db_default=DRAFT)
    emergency = models.BooleanField(db_default=False)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="orders")
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="orders")
    place = models.CharField(max_length=200, db_default="", help_text="where, for work at no address on record")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="orders")
    reason = models.CharField(max_length=300)
    cause = models.CharField(max_length=12, db_default="", help_text="why service goes off or on")
    details = models.JSONField(db_default={})
    opened_on = models.DateField()
    wanted_on = models.DateField(null=True)
    due_on = models.DateField()
    minutes = models.PositiveSmallIntegerField(help_text="how long it takes, as planned")
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, related_name="orders")
    scheduled_on = models.DateField(null=True)
    sequence = models.PositiveIntegerField(null=True, help_text="place in the crew's day")
    done_on = models.DateField(null=True)
    version = models.PositiveIntegerField(db_default=1)
    source_kind = models.CharField(max_length=30, db_default="")
    source_id = models.BigIntegerField(null=True)
    field_request = models.OneToOneField(FieldRequest, models.PROTECT, null=True, related_name="order")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="orders")

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(
                name="order_state",
                condition=Q(
                    state__in=[
                        "draft", "approved", "scheduled", "dispatched", "on_site", "completed", "unable", "cancelled",
                        "reviewed", "closed",
                    ]
                ),
            ),
            models.CheckConstraint(name="order_cause", condition=Q(cause__in=["", *CAUSES])),
            models.CheckConstraint(
                name="order_somewhere",
                condition=Q(service_point__isnull=False) | Q(premise__isnull=False) | ~Q(place=""),
            ),
            models.CheckConstraint(
                name="order_scheduled_for_somebody",
                condition=~Q(state="scheduled") | Q(crew__isnull=False, scheduled_on__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["crew", "scheduled_on"]),
            models.Index(fields=["source_kind", "source_id"]),
        ]
        triggers = [never_deleted("order")]


class OrderStep(models.Model):
    """One step of an order: the state it is in from then on, what was done, on which day, in what words."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    what = models.CharField(max_length=20, help_text="opened, approved, scheduled, changed, conflict, …")
    on = models.DateField()
    at = models.DateTimeField(db_default=Now())
    note = models.CharField(max_length=300, blank=True)
    changed = models.JSONField(db_default={}, help_text="field → what it was and what it became")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="order_steps")

    class Meta:
        triggers = append_only("order_step")


class OrderLink(models.Model):
    """Two orders that hang together: ``other`` follows up, is part of, reopens, or waits for ``order``."""

    FOLLOW_UP, PART, REOPENS, BLOCKS = "follow_up", "part", "reopens", "blocks"
    order = models.ForeignKey(Order, models.PROTECT, related_name="links")
    other = models.ForeignKey(Order, models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, help_text="follow_up, part, reopens, blocks")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="order_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "other", "kind"], name="order_link_once"),
            models.CheckConstraint(name="order_link_two", condition=~Q(order=F("other"))),
            models.CheckConstraint(
                name="order_link_kind", condition=Q(kind__in=["follow_up", "part", "reopens", "blocks"])
            ),
        ]
        triggers = append_only("order_link")
