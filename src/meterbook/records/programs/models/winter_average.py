"""The yearly reset of what sewer is billed by: one draft a year, a row a sewer point, set when somebody else agrees."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Approval, Deed, Document


class WinterReset(models.Model):
    """A reset: drawn from the winter's reads, looked over, agreed by a second person, then in force."""

    DRAFT, APPLIED, WITHDRAWN = "draft", "applied", "withdrawn"
    effective = models.DateField(help_text="first day of the new quantities")
    state = models.CharField(max_length=10, default=DRAFT)
    policy = models.ForeignKey(Document, models.PROTECT, related_name="winter_resets")
    totals = models.JSONField(default=dict, help_text="points by source, cents a normal period before and after")
    drawn_by = models.ForeignKey(Deed, models.PROTECT, related_name="winter_resets_drawn")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="winter_resets")
    applied_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="winter_resets_applied")

    class Meta:
        constraints = [
            models.CheckConstraint(name="winter_reset_state", condition=Q(state__in=["draft", "applied", "withdrawn"])),
            models.UniqueConstraint(fields=["effective"], condition=~Q(state="withdrawn"), name="winter_reset_once"),
            models.CheckConstraint(
                name="winter_reset_applied_has_deed", condition=~Q(state="applied") | Q(applied_by__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="winter_reset_applied_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="applied"),
            )
        ]


class WinterAverage(models.Model):
    """One sewer point in a reset: what its winter makes, what it was before, and what a person set instead.

    Quantities are millionths of the billing unit a month; ``cents_before`` and ``cents_after`` a normal period's sewer
    charges, null where they cannot be computed.
    """

    reset = models.ForeignKey(WinterReset, models.PROTECT, related_name="rows")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="winter_averages")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="winter_averages")
    periods = models.PositiveIntegerField(help_text="winter periods of the present customer")
    estimated = models.PositiveIntegerField(help_text="of them with an estimated read")
    source = models.CharField(max_length=10, help_text="average, default or capped")
    before_e6 = models.BigIntegerField()
    average_e6 = models.BigIntegerField(help_text="by the policy")
    override_e6 = models.BigIntegerField(null=True)
    override_reason = models.CharField(max_length=300, blank=True)
    override_deed = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="winter_overrides")
    cents_before = models.BigIntegerField(null=True)
    cents_after = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reset", "service_point"], name="winter_average_once"),
            models.CheckConstraint(
                name="winter_average_override",
                condition=Q(override_e6__isnull=True, override_deed__isnull=True, override_reason="")
                | (Q(override_e6__gte=0, override_deed__isnull=False) & ~Q(override_reason="")),
            ),
            models.CheckConstraint(
                name="winter_average_source", condition=Q(source__in=["average", "default", "capped"])
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="winter_average_applied_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT FROM programs_winterreset r
                                WHERE r.id = OLD.reset_id AND r.state = 'applied') THEN
                        RAISE EXCEPTION 'winter reset % is applied: it stays', OLD.reset_id;
                    END IF;
                    RETURN COALESCE(NEW, OLD);
                """,
            )
        ]

    @property
    def set_e6(self) -> int:
        """The quantity that counts: a person's, or else the policy's."""
        return self.average_e6 if self.override_e6 is None else self.override_e6
