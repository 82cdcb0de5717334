"""Who gets one summary for several accounts, what such a summary held, and where water is delivered to an agency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from meterbook.records.billing.models.bills import Bill
from meterbook.records.customers.models import Account, Person
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed


class SummaryGroup(models.Model):
    """Accounts one payer gets a single summary for: a school district, a landlord. Each keeps its own balance."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160, help_text="printed as the summary's heading")
    payer_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="summary_groups")
    payer_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="summary_groups")
    mail_lines = models.JSONField(default=list, help_text="where the summary goes, if the payer is a person")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="summary_groups")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="summary_group_one_payer",
                condition=Q(payer_account__isnull=False, payer_person__isnull=True)
                | Q(payer_account__isnull=True, payer_person__isnull=False),
            ),
        ]
        triggers = [never_deleted("summary_group")]


class SummaryMember(models.Model):
    """An account in a group, from when to when; in one group at a time."""

    group = models.ForeignKey(SummaryGroup, models.PROTECT, related_name="members")
    account = models.ForeignKey(Account, models.PROTECT, related_name="summary_memberships")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="summary_members")

    class Meta:
        constraints = [has_days("summary_member_has_days"), no_overlap("summary_member_once", "account_id")]
        triggers = [never_deleted("summary_member")]


class SummaryBill(models.Model):
    """One summary as issued: the sums over its items, which a law of the ledger compares with the members' bills."""

    group = models.ForeignKey(SummaryGroup, models.PROTECT, related_name="bills")
    number = models.CharField(max_length=40, unique=True, help_text="group code and bill date")
    bill_date = models.DateField()
    due_date = models.DateField()
    current_cents = models.BigIntegerField(help_text="new charges of every bill on it")
    due_cents = models.BigIntegerField(help_text="what all members together are asked to pay; credits counted as such")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="summary_bills")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="summary_bill_due", condition=Q(due_date__gt=F("bill_date")))]
        triggers = append_only("summary_bill")


class SummaryItem(models.Model):
    """One member's bill on a summary; a bill is on one summary at most."""

    summary = models.ForeignKey(SummaryBill, models.PROTECT, related_name="items")
    bill = models.OneToOneField(Bill, models.PROTECT, related_name="summary_item")
    current_cents = models.BigIntegerField()
    due_cents = models.BigIntegerField(help_text="the bill's amount due; 0 if a newer bill of the account holds it")

    class Meta:
        triggers = append_only("summary_item")


class WholesaleDelivery(models.Model):
    """A delivery point to another agency, measured twice; the policy ``wholesale`` holds the terms under ``code``."""

    code = models.CharField(max_length=20, unique=True)
    point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="wholesale_delivery")
    check_point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="wholesale_check")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="wholesale_deliveries")

    class Meta:
        constraints = [models.CheckConstraint(name="wholesale_two_meters", condition=~Q(point=F("check_point")))]
        triggers = [never_deleted("wholesale_delivery")]
