"""Adjustments beside bills, the leak claims some of them rest on, and accounts a member of staff may not touch.

An adjustment is never edited: it is proposed, booked or refused, and undone only by another one that reverses it.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


class LeakClaim(models.Model):
    """A customer's request for a leak credit: what was shown, which rules it met, under which policy."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="leak_claims")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy leak-adjustment")
    asked_on = models.DateField()
    repaired_on = models.DateField()
    bypassed_sewer = models.BooleanField(help_text="the water did not run into the sewer")
    rules = models.JSONField(help_text="list of {rule, met, says, values}: every condition as it was judged")
    waived = models.TextField(blank=True, help_text="why unmet rules that may be waived were waived")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="leak_claims")

    class Meta:
        triggers = append_only("leak_claim")


class Adjustment(models.Model):
    """Money put on or taken off one service of an account beside its bills: why, by whom, decided by whom."""

    PROPOSED, BOOKED, REFUSED, WITHDRAWN = "proposed", "booked", "refused", "withdrawn"
    account = models.ForeignKey(Account, models.PROTECT, related_name="adjustments")
    service = models.CharField(max_length=20)
    amount_cents = models.BigIntegerField(help_text="above zero charged, below zero credited")
    reason = models.CharField(max_length=40, help_text="code of the policy adjustment-reasons or billing-fees")
    words_en = models.CharField(max_length=120, help_text="as printed on the next bill")
    words_es = models.CharField(max_length=120)
    against = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="adjustments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy the reason stands in")
    effective_on = models.DateField()
    note = models.TextField()
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, related_name="adjustments")
    claim = models.ForeignKey(LeakClaim, models.PROTECT, null=True, related_name="adjustments")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversed_by")
    occurrence = models.PositiveSmallIntegerField(null=True, help_text="of a fee that rises: which time this is")
    derivation = models.JSONField(default=dict, help_text="how the amount was computed, where it was computed")
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="adjustments")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="adjustments_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="adjustments_decided")

    class Meta:
        indexes = [models.Index(fields=["state", "effective_on"])]
        constraints = [
            models.CheckConstraint(
                name="adjustment_state", condition=Q(state__in=["proposed", "booked", "refused", "withdrawn"])
            ),
            models.CheckConstraint(name="adjustment_amount", condition=~Q(amount_cents=0)),
            models.CheckConstraint(
                name="adjustment_decided", condition=Q(state="proposed") | Q(decided_by__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(state__in=["proposed", "booked"]), name="adjustment_reversed_once"
            ),
        ]
        triggers = [
            never_deleted("adjustment"),
            pgtrigger.ReadOnly(
                name="adjustment_keeps_its_facts",
                fields=[
                    "account", "service", "amount_cents", "reason", "words_en", "words_es", "against", "document",
                    "effective_on", "note", "bill", "claim", "reverses", "occurrence", "derivation", "proposed_by",
                ],
            ),
            pgtrigger.Protect(
                name="adjustment_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'proposed'"),
            ),
        ]  # fmt: skip
