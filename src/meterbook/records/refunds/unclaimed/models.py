"""Tables of unclaimed money: a property is in the ledger under the role ``unclaimed`` until claimed or ended."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


class Publication(models.Model):
    """A list of unclaimed money as it is published: two weekly notices and the day until which owners may claim."""

    rule = models.CharField(max_length=40, help_text="code of the policy unclaimed-money's rule")
    newspaper = models.CharField(max_length=120)
    first_on = models.DateField()
    second_on = models.DateField()
    claim_by = models.DateField(help_text="day on which the money becomes the city's if nobody claims it")
    fund = models.CharField(max_length=60, help_text="fund the money is held in, as printed")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy unclaimed-money")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="publications")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publication_in_turn",
                condition=Q(second_on__gt=models.F("first_on")) & Q(claim_by__gt=models.F("second_on")),
            )
        ]
        triggers = append_only("publication")


class Unclaimed(models.Model):
    """Money nobody asked for: an uncashed refund, or a credit of an account that closed long ago.

    ``since`` is the day of the last contact, from which the policy's years run. ``rule`` is the rule it falls under.
    """

    FOUND, PUBLISHED, CLAIMED, TAKEN_OVER, REPORTED = "found", "published", "claimed", "taken_over", "reported"
    account = models.ForeignKey(Account, models.PROTECT, related_name="unclaimed")
    refund = models.OneToOneField("refunds.Refund", models.PROTECT, null=True, related_name="unclaimed_as")
    credit = models.ForeignKey(OpenItem, models.PROTECT, null=True, related_name="unclaimed_as")
    amount_cents = models.BigIntegerField()
    owner = models.CharField(max_length=160)
    lines = models.JSONField(help_text="list of address lines last known")
    since = models.DateField()
    rule = models.CharField(max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy unclaimed-money")
    state = models.CharField(max_length=10, default=FOUND)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="listed")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="unclaimed", help_text="taking over")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="unclaimed")

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(name="unclaimed_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="unclaimed_state",
                condition=Q(state__in=["found", "published", "claimed", "taken_over", "reported"]),
            ),
            models.CheckConstraint(
                name="unclaimed_from_one", condition=Q(refund__isnull=True) ^ Q(credit__isnull=True)
            ),
        ]
        triggers = [
            never_deleted("unclaimed"),
            pgtrigger.ReadOnly(
                name="unclaimed_keeps_its_facts",
                fields=["account", "refund", "credit", "amount_cents", "owner", "lines", "document", "deed"],
            ),
        ]


class UnclaimedStep(models.Model):
    """One step of a property's way, on its day; its id is the ledger's source of kind ``unclaimed`` where it booked."""

    unclaimed = models.ForeignKey(Unclaimed, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, help_text="found, letter, contact, published, proof, claim, claimed, …")
    done_on = models.DateField()
    note = models.TextField(blank=True)
    debit = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    credit = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="unclaimed_steps")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unclaimed", "kind"],
                condition=Q(kind__in=["found", "published", "claimed", "taken_over", "reported"]),
                name="unclaimed_step_once",
            )
        ]
        triggers = append_only("unclaimed_step")


class UnclaimedClaim(models.Model):
    """An owner who asks for his money, with evidence; a second person decides."""

    unclaimed = models.ForeignKey(Unclaimed, models.PROTECT, related_name="claims")
    claimant = models.CharField(max_length=160)
    lines = models.JSONField(help_text="list of address lines the money is sent to")
    grounds = models.TextField(help_text="on what the claim rests; files are attached")
    state = models.CharField(max_length=10, default="asked")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="unclaimed_claims")
    refund = models.OneToOneField("refunds.Refund", models.PROTECT, null=True, related_name="paid_claim")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="unclaimed_claims")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="unclaimed_claims_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unclaimed_claim_state", condition=Q(state__in=["asked", "granted", "refused"])
            ),
            models.UniqueConstraint(
                fields=["unclaimed"], condition=Q(state="asked"), name="unclaimed_claim_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["unclaimed"], condition=Q(state="granted"), name="unclaimed_claim_granted_once"
            ),
        ]
        triggers = [never_deleted("unclaimed_claim")]
