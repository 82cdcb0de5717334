"""Tables of rebates."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


class RebateApplication(models.Model):
    """A customer's request for a rebate: what was bought or done, what the programme gives for it, who decided."""

    ASKED, GRANTED, REFUSED, WITHDRAWN = "asked", "granted", "refused", "withdrawn"
    account = models.ForeignKey(Account, models.PROTECT, related_name="rebates")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy rebates")
    programme = models.CharField(max_length=40)
    service = models.CharField(max_length=20, help_text="service credited, where it is paid as a credit")
    units = models.PositiveIntegerField()
    cost_cents = models.BigIntegerField(help_text="what the customer paid, as the receipt says")
    amount_cents = models.BigIntegerField(help_text="what the programme gives")
    steps = models.JSONField(help_text="how it was computed, as sentences' parts")
    done_on = models.DateField(help_text="bought, installed or taken out")
    fiscal_year = models.CharField(max_length=9, help_text="whose budget it takes, like 2024-2025")
    how = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=ASKED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="rebates")
    refund = models.OneToOneField("refunds.Refund", models.PROTECT, null=True, related_name="rebate")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="rebates")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="rebates_decided")

    class Meta:
        indexes = [models.Index(fields=["programme", "fiscal_year", "state"])]
        constraints = [
            models.CheckConstraint(name="rebate_positive", condition=Q(amount_cents__gt=0, units__gt=0)),
            models.CheckConstraint(name="rebate_how", condition=Q(how__in=["account", "check", "ach"])),
            models.CheckConstraint(
                name="rebate_state", condition=Q(state__in=["asked", "granted", "refused", "withdrawn"])
            ),
        ]
        triggers = [
            never_deleted("rebate_application"),
            pgtrigger.ReadOnly(
                name="rebate_keeps_its_facts",
                fields=[
                    "account", "document", "programme", "service", "units", "cost_cents", "amount_cents", "done_on",
                    "fiscal_year", "how", "deed",
                ],
            ),
        ]  # fmt: skip
