"""One-off charges: fees of the catalogue, requests paid before somebody is sent, development charges in parts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.metering.models import FieldRequest
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.fields import never_deleted
from meterbook.records.platform.models import Approval, Deed, Document


class DevelopmentCharge(models.Model):
    """What a premise's new connection pays into one service's system: agreed by two people, paid in parts."""

    ASKED, AGREED, REFUSED = "asked", "agreed", "refused"
    account = models.ForeignKey(Account, models.PROTECT, related_name="development_charges")
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="development_charges")
    service = models.CharField(max_length=20)
    new = models.JSONField(help_text="meters connected, by size")
    before = models.JSONField(help_text="meters that count as credit, by size")
    removed_on = models.DateField(null=True, help_text="when the meters before were taken away, if they were")
    amount_cents = models.BigIntegerField()
    steps = models.JSONField(help_text="how the amount was found")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy development-charges")
    state = models.CharField(max_length=8, default=ASKED)
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="development_charges")

    class Meta:
        constraints = [
            models.CheckConstraint(name="development_charge_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="development_charge_state", condition=Q(state__in=["asked", "agreed", "refused"])
            ),
        ]
        triggers = [never_deleted("development_charge")]


class ServiceCharge(models.Model):
    """One charge beside bills: a fee of the catalogue or a part of a development charge.

    Asked for where a second person decides; booked, it is an open item of source ``fee`` under this row's number;
    cancelled, a credit of the same source stands against it.
    """

    ASKED, BOOKED, REFUSED, CANCELLED = "asked", "booked", "refused", "cancelled"
    account = models.ForeignKey(Account, models.PROTECT, related_name="service_charges")
    code = models.CharField(max_length=40)
    words_en = models.CharField(max_length=120)
    words_es = models.CharField(max_length=120)
    service = models.CharField(max_length=20)
    amount_cents = models.BigIntegerField()
    due_on = models.DateField()
    against = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, default=ASKED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Deed, models.PROTECT, related_name="service_charges_asked")
    booked_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="service_charges_booked")
    cancelled_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="service_charges_cancelled")

    class Meta:
        constraints = [
            models.CheckConstraint(name="service_charge_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="service_charge_state",
                condition=Q(state__in=["asked", "refused"], booked_by__isnull=True, cancelled_by__isnull=True)
                | Q(state="booked", booked_by__isnull=False, cancelled_by__isnull=True)
                | Q(state="cancelled", booked_by__isnull=False, cancelled_by__isnull=False),
            ),
        ]
        triggers = [never_deleted("service_charge")]


class DevelopmentInstalment(models.Model):
    """One part of a development charge; ``charge`` is there once it is booked."""

    development = models.ForeignKey(DevelopmentCharge, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    principal_cents = models.BigIntegerField()
    interest_cents = models.BigIntegerField()
    charge = models.OneToOneField(ServiceCharge, models.PROTECT, null=True, related_name="instalment")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["development", "number"], name="development_instalment_once"),
            models.CheckConstraint(
                name="development_instalment_amounts", condition=Q(principal_cents__gt=0, interest_cents__gte=0)
            ),
        ]
        triggers = [never_deleted("development_instalment")]


class ServiceRequest(models.Model):
    """Somebody is asked to come; the fee is paid before anybody is sent."""

    WAITS, SENT, CANCELLED = "waits", "sent", "cancelled"
    charge = models.OneToOneField(ServiceCharge, models.PROTECT, related_name="request")
    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="service_requests")
    field_kind = models.CharField(max_length=20)
    wanted_on = models.DateField(null=True)
    state = models.CharField(max_length=9, default=WAITS)
    field_request = models.ForeignKey(FieldRequest, models.PROTECT, null=True, related_name="service_requests")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="service_requests")
    ended_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="service_requests_ended")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_request_state",
                condition=Q(state="waits", field_request__isnull=True, ended_by__isnull=True)
                | Q(state="sent", field_request__isnull=False, ended_by__isnull=False)
                | Q(state="cancelled", field_request__isnull=True, ended_by__isnull=False),
            ),
        ]
        triggers = [never_deleted("service_request")]
