"""Discounts and the medical baseline: who is enrolled for whose sake, with which documents, until when."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account, Person, Protection
from meterbook.records.platform.fields import has_days, never_deleted, validity
from meterbook.records.platform.models import Deed, Document


@pghistory.track()
class DiscountEnrolment(models.Model):
    """A person enrolled in a program on an account for some days; a move ends it there and goes on here (``before``).

    ``facts`` counts the service points at which tariffs were told; none where no tariff asks for the program's fact.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="discounts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="discounts", help_text="for whose sake")
    program = models.CharField(max_length=40, help_text="code in the policy discounts")
    validity = validity()
    household_size = models.PositiveSmallIntegerField(null=True)
    income_cents = models.BigIntegerField(null=True, help_text="a year")
    aid = models.CharField(max_length=40, blank=True, help_text="aid that stands in place of the income test")
    papers = models.JSONField(help_text="codes of the documents seen")
    facts = models.PositiveSmallIntegerField(default=0)
    protection = models.ForeignKey(Protection, models.PROTECT, null=True, related_name="discounts")
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy discounts")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="discounts")
    ended = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="discounts_ended")

    class Meta:
        constraints = [
            has_days("discount_has_days"),
            models.UniqueConstraint(
                fields=["account", "program"], condition=Q(ended__isnull=True), name="discount_stands_once"
            ),
            models.CheckConstraint(
                name="discount_household", condition=Q(household_size__isnull=True) | Q(household_size__gt=0)
            ),
        ]
        triggers = [never_deleted("discount")]
