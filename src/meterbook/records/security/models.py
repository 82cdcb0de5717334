"""Security for what customers will owe: deposits asked for, what stands in their place, what a good record is.

The deposits themselves, what was used of them and the interest given stand in the ledger (`ledger.deposits`).
"""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, has_days, never_deleted, validity
from meterbook.records.platform.models import Approval, Deed, Document

KINDS = (
    "letter_of_credit", "surety_bond", "certificate_of_deposit", "guarantor", "good_payer_letter", "prepayment",
    "other_assurance",
)  # fmt: skip


@pghistory.track()
class Instrument(models.Model):
    """What stands in the place of money: a letter of credit, a bond, a guarantor, a good payer's letter.

    ``petition_on``: it is adequate assurance of payment after a bankruptcy petition (11 U.S.C. §366). The amount of a
    letter that names none is 0.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="instruments")
    kind = models.CharField(max_length=24)
    issuer = models.CharField(max_length=160, help_text="bank, insurer, utility, or the guarantor's name")
    number = models.CharField(max_length=60, blank=True, help_text="as the issuer calls it")
    amount_cents = models.BigIntegerField()
    guarantor = models.ForeignKey(Account, models.PROTECT, null=True, related_name="guarantees")
    validity = validity()
    petition_on = models.DateField(null=True)
    chapter = models.PositiveSmallIntegerField(null=True, help_text="of the bankruptcy code: 7, 11, 13")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="instruments")

    class Meta:
        constraints = [
            has_days("instrument_has_days"),
            models.CheckConstraint(name="instrument_kind", condition=Q(kind__in=KINDS)),
            models.CheckConstraint(name="instrument_amount", condition=Q(amount_cents__gte=0)),
            models.CheckConstraint(
                name="instrument_guarantor",
                condition=Q(guarantor=None) | Q(kind="guarantor") & ~Q(guarantor=F("account")),
            ),
        ]
        triggers = [
            never_deleted("instrument"),
            pgtrigger.ReadOnly(
                name="instrument_keeps_its_facts",
                fields=["account", "kind", "issuer", "number", "amount_cents", "guarantor", "petition_on", "chapter"],
            ),
        ]


class InstrumentChange(models.Model):
    """What happened to an instrument: renewed to a day, released, its issuer reminded so many days before its end."""

    RENEWED, RELEASED, REMINDED = "renewed", "released", "reminded"
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10)
    until = models.DateField(help_text="the end of its days: new if renewed or released, the one reminded of")
    days = models.PositiveSmallIntegerField(default=0, help_text="of a reminder: how many days before")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="instrument_changes")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="instrument_change_kind", condition=Q(kind__in=["renewed", "released", "reminded"])
            ),
            models.UniqueConstraint(
                fields=["instrument", "until", "days"], condition=Q(kind="reminded"), name="instrument_reminded_once"
            ),
        ]
        triggers = append_only("instrument_change")


class Draw(models.Model):
    """Money asked of an issuer or guarantor because the customer did not pay; it comes in as an ordinary payment."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="draws")
    amount_cents = models.BigIntegerField()
    drawn_on = models.DateField()
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="draw")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="draws")

    class Meta:
        constraints = [models.CheckConstraint(name="draw_positive", condition=Q(amount_cents__gt=0))]
        triggers = append_only("draw")


class Assessment(models.Model):
    """How much security an account was asked for, how that was computed, and what was waived for what."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="assessments")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy deposits")
    deposit_class = models.CharField(max_length=40)
    standing = models.CharField(max_length=10)
    basis = models.CharField(max_length=10, help_text="whose bills: own, premise (its customer before), others")
    year_cents = models.BigIntegerField(help_text="a year of bills")
    computed_cents = models.BigIntegerField()
    waived_cents = models.BigIntegerField()
    waiver = models.CharField(max_length=40, blank=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, related_name="assessments")
    working = models.JSONField(help_text="list of {message, values}: the computation in words")
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="assessments")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="assessments")
    cancelled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="assessments_cancelled")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="assessment_amounts",
                condition=Q(computed_cents__gte=0) & Q(waived_cents__gte=0) & Q(waived_cents__lte=F("computed_cents")),
            ),
            models.CheckConstraint(name="assessment_waived_for_something", condition=Q(waived_cents=0) | ~Q(waiver="")),
        ]
        triggers = [
            never_deleted("assessment"),
            pgtrigger.ReadOnly(
                name="assessment_keeps_its_facts",
                fields=[
                    "account", "document", "deposit_class", "standing", "basis", "year_cents", "computed_cents",
                    "waived_cents", "waiver", "instrument", "working", "approval", "deed",
                ],
            ),
        ]  # fmt: skip

    @property
    def asked_cents(self) -> int:
        """What is asked for after what was waived."""
        return self.computed_cents - self.waived_cents


class Instalment(models.Model):
    """One part of what is asked: charged to the account on a day, due on another. Its id is the ledger's source."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=20, help_text="the receivable it stands on")
    amount_cents = models.BigIntegerField()
    charge_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="instalment_positive", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["assessment", "number"], name="instalment_once"),
        ]
        indexes = [models.Index(fields=["charge_on"])]
        triggers = append_only("instalment")


class CreditEvent(models.Model):
    """What spoils a record and the books do not show: a late notice sent, a cutoff for nonpayment."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_events")
    kind = models.CharField(max_length=12)
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="credit_events")

    class Meta:
        constraints = [
            models.CheckConstraint(name="credit_event_kind", condition=Q(kind__in=["late_notice", "cutoff"])),
            models.UniqueConstraint(fields=["account", "kind", "on"], name="credit_event_once"),
        ]
        triggers = append_only("credit_event")
