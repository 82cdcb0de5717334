"""What metering asks of the field: re-reads, checks, meters that fell silent. Kept until an outcome is written."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.metering.models.devices import Register
from meterbook.records.metering.models.questions import ReadException
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Deed, User


@pghistory.track()
class FieldRequest(models.Model):
    """Somebody must go and look: why, by when, and what came of it. It ends with an outcome, never silently.

    States: flagged → approved → dispatched → read or no_access → confirmed or corrected → closed.
    """

    FLAGGED, APPROVED, DISPATCHED = "flagged", "approved", "dispatched"
    READ, NO_ACCESS, CONFIRMED, CORRECTED, CLOSED = "read", "no_access", "confirmed", "corrected", "closed"
    STATES = (FLAGGED, APPROVED, DISPATCHED, READ, NO_ACCESS, CONFIRMED, CORRECTED, CLOSED)
    KINDS = ("re_read", "check_meter", "non_communicating", "estimate_limit", "leak", "location")
    kind = models.CharField(max_length=20)
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="field_requests")
    register = models.ForeignKey(Register, models.PROTECT, null=True, related_name="field_requests")
    exception = models.ForeignKey(ReadException, models.PROTECT, null=True, related_name="field_requests")
    reason = models.CharField(max_length=300)
    raised_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, db_default=FLAGGED)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="field_requests")
    outcome = models.CharField(max_length=300, db_default="")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="field_requests")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="field_request_kind",
                condition=Q(
                    kind__in=["re_read", "check_meter", "non_communicating", "estimate_limit", "leak", "location"]
                ),
            ),
            models.CheckConstraint(
                name="field_request_state",
                condition=Q(
                    state__in=[
                        "flagged", "approved", "dispatched", "read", "no_access", "confirmed", "corrected", "closed",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="field_request_closed_with_outcome", condition=~Q(state="closed") | ~Q(outcome="")
            ),
            models.UniqueConstraint(
                fields=["service_point", "kind"], condition=~Q(state="closed"), name="field_request_open_once"
            ),
        ]  # fmt: skip
        triggers = [never_deleted("field_request")]


class FieldRequestStep(models.Model):
    """One step of a field request: the state it went to, on which day, with what words."""

    request = models.ForeignKey(FieldRequest, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="field_request_steps")

    class Meta:
        triggers = append_only("field_request_step")
