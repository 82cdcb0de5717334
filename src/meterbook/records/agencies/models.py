"""Money owed to others: what was handed over, and the files exchanged with agencies."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.customers.models import Account
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Attachment, Deed, Document


class Remittance(models.Model):
    """What was handed to an agency for a period: its statement as it stood, sealed, and the payment it led to."""

    PROPOSED, BOOKED, REFUSED = "proposed", "booked", "refused"
    agency = models.CharField(max_length=40, help_text="code in the policy agency-agreements")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy agency-agreements")
    basis = models.CharField(max_length=10, help_text="billed or collected")
    starts = models.DateField()
    ends = models.DateField(help_text="first day after the period")
    opening_cents = models.BigIntegerField()
    accrued_cents = models.BigIntegerField(help_text="billed or collected for the agency in the period")
    settled_cents = models.BigIntegerField(help_text="taken off what is owed: paid and fee together")
    fee_cents = models.BigIntegerField(help_text="kept by the utility")
    paid_cents = models.BigIntegerField(help_text="handed over")
    figures = models.JSONField(help_text="the statement as it was shown")
    effective_on = models.DateField()
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="remittances")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="remittances_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="remittances_decided")

    class Meta:
        constraints = [
            models.CheckConstraint(name="remittance_basis", condition=Q(basis__in=["billed", "collected"])),
            models.CheckConstraint(name="remittance_state", condition=Q(state__in=["proposed", "booked", "refused"])),
            models.CheckConstraint(name="remittance_days", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="remittance_positive", condition=Q(settled_cents__gt=0, paid_cents__gte=0)),
            models.CheckConstraint(
                name="remittance_sum", condition=Q(settled_cents=F("paid_cents") + F("fee_cents"), fee_cents__gte=0)
            ),
            models.UniqueConstraint(
                fields=["agency", "starts"], condition=Q(state__in=["proposed", "booked"]), name="remittance_once"
            ),
        ]
        triggers = [
            never_deleted("remittance"),
            pgtrigger.ReadOnly(
                name="remittance_keeps_its_facts",
                fields=[
                    "agency", "document", "basis", "starts", "ends", "opening_cents", "accrued_cents", "settled_cents",
                    "fee_cents", "paid_cents", "figures", "effective_on", "approval", "proposed_by",
                ],
            ),
            pgtrigger.Protect(
                name="remittance_decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'proposed'"),
            ),
        ]  # fmt: skip


class AgencyFile(models.Model):
    """A file handed to an agency or received from one, kept as it was."""

    agency = models.CharField(max_length=40)
    direction = models.CharField(max_length=3, help_text="in or out")
    format = models.CharField(max_length=40)
    starts = models.DateField()
    ends = models.DateField(help_text="first day after the period")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    original = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="agency_files")

    class Meta:
        constraints = [
            models.CheckConstraint(name="agency_file_direction", condition=Q(direction__in=["in", "out"])),
            models.UniqueConstraint(
                fields=["agency", "sha256"], condition=Q(direction="in"), name="agency_file_taken_once"
            ),
        ]
        triggers = append_only("agency_file")


class AgencyFigure(models.Model):
    """One figure an agency sent: an account's usage or winter average, or a rate, beside what stands here."""

    file = models.ForeignKey(AgencyFile, models.PROTECT, related_name="figures")
    line = models.PositiveIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="agency_figures")
    subject = models.CharField(max_length=60, help_text="account number, or schedule and component of a rate")
    name = models.CharField(max_length=20, help_text="usage, winter_average or rate")
    theirs_e8 = models.BigIntegerField(help_text="in hundred-millionths of the unit")
    ours_e8 = models.BigIntegerField(null=True, help_text="what stood here when the file came; null: nothing")
    unit = models.CharField(max_length=12)
    starts = models.DateField()
    ends = models.DateField(help_text="first day after the days it is for")

    class Meta:
        constraints = [
            models.CheckConstraint(name="agency_figure_name", condition=Q(name__in=["usage", "winter_average", "rate"]))
        ]
        triggers = append_only("agency_figure")
