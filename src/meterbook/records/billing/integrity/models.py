"""What the standing audit found: one row a defect, from the day it was first seen until it no longer holds."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.customers.models import Account
from meterbook.records.metering.models import Meter
from meterbook.records.places.models import Parcel, Premise, ServicePoint
from meterbook.records.platform.fields import never_deleted, refuses
from meterbook.records.platform.models import Deed, User


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state", "owner", "decided_by", "figures", "at_risk_cents")),
)
class AuditFinding(models.Model):
    """Something about a meter account that does not add up.

    ``subject`` names what it is about, like ``point:17``; one finding of a kind on a subject is unresolved at a time.
    A run resolves what no longer holds. A person explains what is as it should be: that stands as long as ``facts``
    stay the same, and is opened again by the run that finds them changed.
    """

    OPEN, EXPLAINED, RESOLVED = "open", "explained", "resolved"
    kind = models.CharField(max_length=40, help_text="name of the check")
    subject = models.CharField(max_length=60)
    severity = models.PositiveSmallIntegerField(help_text="1 bills are wrong or missing, 2 they may be, 3 records")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, related_name="audit_findings")
    premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="audit_findings")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, related_name="audit_findings")
    meter = models.ForeignKey(Meter, models.PROTECT, null=True, related_name="audit_findings")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="audit_findings")
    figures = models.JSONField(help_text="what its sentence says: texts, dates and exact decimals as text")
    facts = models.JSONField(help_text="the figures that do not move by themselves; an explanation stands on them")
    at_risk_cents = models.BigIntegerField(null=True, help_text="a month's bill of its class; null: cannot be said")
    first_seen = models.DateField(help_text="business date")
    last_seen = models.DateField(help_text="business date of the last run that found it")
    resolved_on = models.DateField(null=True)
    state = models.CharField(max_length=10, db_default=OPEN)
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="audit_findings")
    raised_by = models.ForeignKey(Deed, models.PROTECT, related_name="audit_findings_raised")
    decided_by = models.ForeignKey(
        Deed, models.PROTECT, null=True, related_name="audit_findings_decided",
        help_text="the deed that put it into its state, with the reason",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_state", condition=Q(state__in=["open", "explained", "resolved"])),
            models.CheckConstraint(name="audit_severity", condition=Q(severity__range=(1, 3))),
            models.CheckConstraint(name="audit_seen_forward", condition=Q(last_seen__gte=F("first_seen"))),
            models.CheckConstraint(
                name="audit_decided_has_deed", condition=Q(state="open") | Q(decided_by__isnull=False)
            ),
            models.CheckConstraint(
                name="audit_resolved_has_day",
                condition=Q(state="resolved", resolved_on__isnull=False)
                | (~Q(state="resolved") & Q(resolved_on__isnull=True)),
            ),
            models.UniqueConstraint(fields=["kind", "subject"], condition=~Q(state="resolved"), name="audit_open_once"),
        ]
        indexes = [models.Index(fields=["state", "kind"])]
        triggers = [
            never_deleted("audit_finding"),
            refuses("audit_finding_no_truncate", pgtrigger.Truncate, "findings stay"),
            pgtrigger.ReadOnly(name="audit_finding_keeps_its_origin",
                               fields=["kind", "subject", "first_seen", "raised_by"]),
            pgtrigger.Protect(
                name="audit_finding_resolved_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="resolved"),
            ),
        ]  # fmt: skip
