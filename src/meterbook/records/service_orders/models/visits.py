"""What came back from the street: each outcome as it was sent, with answers, findings and parts."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, User
from meterbook.records.service_orders.models.orders import Order


@pghistory.track()
class OrderVisit(models.Model):
    """An outcome of an order as it was sent, once by ``key``, and what became of it.

    ``applied``: what it says is on record. ``conflict``: kept as it came, and the office decides. ``set_aside``: the
    office decided that it changes nothing. Photos and the signature are attachments of ``ordervisit:<id>``.
    """

    APPLIED, CONFLICT, SET_ASIDE = "applied", "conflict", "set_aside"
    order = models.ForeignKey(Order, models.PROTECT, related_name="visits")
    key = models.CharField(max_length=64, unique=True, help_text="the sender's own, so that nothing is taken twice")
    state = models.CharField(max_length=10)
    able = models.BooleanField(help_text="whether the work was done")
    code = models.CharField(max_length=20, blank=True, help_text="why it could not be done")
    danger = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(help_text="the version of the order the crew saw")
    done_at = models.DateTimeField()
    done_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="order_visits")
    serial = models.CharField(max_length=30, blank=True, help_text="the meter found there")
    signer = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    sent = models.JSONField(help_text="everything else of the outcome, as it came")
    conflicts = models.JSONField(db_default=[], help_text="why it was not applied, each a sentence with its values")
    effects = models.JSONField(db_default=[], help_text="what it changed, each a sentence with its values and its page")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="order_visits")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="order_visits_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="order_visit_state",
                condition=Q(state="applied")
                | Q(state="conflict", decided_by__isnull=True)
                | Q(state="set_aside", decided_by__isnull=False),
            ),
            models.CheckConstraint(name="order_visit_unable_says_why", condition=Q(able=True) | ~Q(code="")),
        ]
        indexes = [models.Index(fields=["state"])]
        triggers = [never_deleted("order_visit")]


class ChecklistAnswer(models.Model):
    """An answer to one item of the kind's checklist."""

    visit = models.ForeignKey(OrderVisit, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=40)
    answer = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="checklist_answer_once")]
        triggers = append_only("checklist_answer")


class OrderFinding(models.Model):
    """Something the crew found that nobody sent them for: a leak, a broken lid, a bypass."""

    visit = models.ForeignKey(OrderVisit, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        triggers = append_only("order_finding")


class OrderPart(models.Model):
    """Parts used on a visit, in whole pieces."""

    visit = models.ForeignKey(OrderVisit, models.PROTECT, related_name="parts")
    code = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField()
    serial = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="order_part_some", condition=Q(quantity__gt=0))]
        triggers = append_only("order_part")
