"""Who goes out: crews and who is on them when."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.platform.fields import has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed, User


@pghistory.track()
class Crew(models.Model):
    """People and a vehicle that are sent together; ``minutes`` is what one day of theirs holds, 0 for the policy's."""

    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField(db_default=0, help_text="minutes of work a day, 0 for the policy's")
    active = models.BooleanField(db_default=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="crews")

    class Meta:
        constraints = [models.CheckConstraint(name="crew_minutes", condition=Q(minutes__lte=1440))]
        triggers = [never_deleted("crew")]


@pghistory.track()
class CrewMember(models.Model):
    """Somebody on a crew for a time; nobody is on two crews on the same day."""

    crew = models.ForeignKey(Crew, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="crews")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="crew_members")

    class Meta:
        constraints = [has_days("crew_member_has_days"), no_overlap("crew_member_one_crew", "user_id")]
        triggers = [never_deleted("crew_member")]
