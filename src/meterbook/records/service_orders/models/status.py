"""Whether service is on at a service point, since when and why."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed
from meterbook.records.service_orders.models.orders import CAUSES, Order


@pghistory.track()
class ServiceStatus(models.Model):
    """Service on or off at a service point for a time, and why; a point without a row is on.

    Off for nonpayment is its own cause: nothing but a restoration ends it.
    """

    ON, OFF = "on", "off"
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="service_statuses")
    state = models.CharField(max_length=3)
    cause = models.CharField(max_length=12)
    validity = validity()
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="service_statuses")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="service_statuses")

    class Meta:
        constraints = [
            has_days("service_status_has_days"),
            no_overlap("service_status_no_overlap", "service_point_id"),
            models.CheckConstraint(name="service_status_state", condition=Q(state__in=["on", "off"])),
            models.CheckConstraint(name="service_status_cause", condition=Q(cause__in=CAUSES)),
        ]
        triggers = [never_deleted("service_status")]
