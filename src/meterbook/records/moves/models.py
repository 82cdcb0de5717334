"""What the moves area keeps: moves with what they did point by point, and landlords' agreements."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed


@pghistory.track()
class Move(models.Model):
    """A customer coming, going, or both: planned for a day or done; what it was asked to do, and what it did.

    ``account`` is whose move it is: who comes, or who goes where nobody comes. ``on`` is the first day on which
    anything changes. A planned one waits for its day; a corrected one was put right by the move that ``corrects`` it.
    """

    START, STOP, TRANSFER, SWAP, BANKRUPTCY = "start", "stop", "transfer", "swap", "bankruptcy"
    PLANNED, DONE, CANCELLED, CORRECTED = "planned", "done", "cancelled", "corrected"
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=9)
    on = models.DateField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="moves")
    left = models.ForeignKey(Account, models.PROTECT, null=True, related_name="moves_out")
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="moves", help_text="come to, or else left")
    left_premise = models.ForeignKey(Premise, models.PROTECT, null=True, related_name="moves_out")
    opened = models.BooleanField(default=False, help_text="the account was opened for this move")
    plan = models.JSONField(help_text="what was asked, as `plans.Plan` writes it")
    told = models.JSONField(default=dict, help_text="what it did or will do, sentences by heading")
    case = models.ForeignKey(CorrectionCase, models.PROTECT, null=True, related_name="moves")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    asked = models.ForeignKey(Deed, models.PROTECT, related_name="moves_asked")
    done = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="moves_done")
    ended = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="+", help_text="cancelled or corrected by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="move_kind", condition=Q(kind__in=["start", "stop", "transfer", "swap", "bankruptcy"])
            ),
            models.CheckConstraint(
                name="move_state", condition=Q(state__in=["planned", "done", "cancelled", "corrected"])
            ),
            models.CheckConstraint(
                name="move_done_by_a_deed", condition=Q(state__in=["planned", "cancelled"]) | Q(done__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["state", "on"])]
        triggers = [never_deleted("move")]


class MovePart(models.Model):
    """What a move did at one service point: the agreement that ended, the one that began, on which day."""

    move = models.ForeignKey(Move, models.PROTECT, related_name="parts")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="move_parts")
    ended = models.ForeignKey(ServiceAgreement, models.PROTECT, null=True, related_name="ended_by_moves")
    begun = models.ForeignKey(ServiceAgreement, models.PROTECT, null=True, related_name="begun_by_moves")
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="move_part_something", condition=Q(ended__isnull=False) | Q(begun__isnull=False)
            )
        ]
        triggers = append_only("move_part")


@pghistory.track()
class LandlordAgreement(models.Model):
    """Continuous service: between tenants a premise's service is the owner's, from the day the tenant leaves.

    Not where it was cut off for nonpayment, unless ``after_cutoff`` says so. ``account`` is the owner's that takes it.
    """

    owner = models.ForeignKey(Person, models.PROTECT, related_name="landlord_agreements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="landlord_agreements")
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="landlord_agreements")
    after_cutoff = models.BooleanField(default=False)
    evidence = models.CharField(max_length=300, help_text="what was signed, when, where it is kept")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="landlord_agreements")

    class Meta:
        constraints = [has_days("landlord_agreement_has_days"), no_overlap("landlord_agreement_once", "premise_id")]
        triggers = [never_deleted("landlord_agreement")]


@pghistory.track()
class FormerName(models.Model):
    """A name somebody had before: found by it still. The account and its history stay the same."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=160)
    until = models.DateField()
    why = models.CharField(max_length=20, help_text="name, business or estate")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="former_names")

    class Meta:
        constraints = [models.CheckConstraint(name="former_name_given", condition=~Q(name=""))]
        triggers = [never_deleted("former_name")]
