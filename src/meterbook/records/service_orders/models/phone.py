"""What went to whose phone."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from meterbook.records.platform.fields import append_only
from meterbook.records.platform.models import Deed, User
from meterbook.records.service_orders.models.orders import Order


class PhoneCopy(models.Model):
    """An order handed to somebody's phone in one of its versions: who could see it, and what they saw when they went.

    Only whose phone holds an order may send its outcome, also after the office gave the order to others.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="phone_copies")
    user = models.ForeignKey(User, models.PROTECT, related_name="phone_copies")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="phone_copies")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "user", "version"], name="phone_copy_once")]
        triggers = append_only("phone_copy")
