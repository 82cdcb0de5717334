"""Returned payments and what follows from them: a fee, a tender that is refused for a time."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.payments.models import PaymentReversal
from meterbook.records.platform.fields import append_only, has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Approval, Deed, Document


class ReturnedPayment(models.Model):
    """What followed from a payment that came back: which time it was, the fee and the receivable it stands in.

    ``fee_cents`` is 0 where the policy asks for none; ``service`` is empty then.
    """

    reversal = models.OneToOneField(PaymentReversal, models.PROTECT, related_name="consequence")
    account = models.ForeignKey(Account, models.PROTECT, related_name="returned_payments")
    occurrence = models.PositiveSmallIntegerField()
    fee_cents = models.BigIntegerField()
    service = models.CharField(max_length=20, blank=True)
    revenue = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+", help_text="policy returned-payments")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="returned_payments")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="returned_payment_fee",
                condition=Q(fee_cents=0, service="", revenue__isnull=True)
                | Q(fee_cents__gt=0, revenue__isnull=False) & ~Q(service=""),
            )
        ]
        triggers = append_only("returned_payment")


class FeeWaiver(models.Model):
    """The fee of a returned payment taken off again, by two people."""

    returned = models.OneToOneField(ReturnedPayment, models.PROTECT, related_name="waiver")
    reason = models.CharField(max_length=40, help_text="code of the policy")
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="+")

    class Meta:
        triggers = append_only("fee_waiver")


@pghistory.track()
class TenderBan(models.Model):
    """A tender an account may not pay with for a time; ended early by shortening ``validity``."""

    SCOPES = ("ach", "check", "noncash")
    account = models.ForeignKey(Account, models.PROTECT, related_name="tender_bans")
    scope = models.CharField(max_length=8)
    validity = validity()
    cause = models.ForeignKey(ReturnedPayment, models.PROTECT, null=True, related_name="bans")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="tender_bans")

    class Meta:
        constraints = [
            has_days("tender_ban_has_days"),
            models.CheckConstraint(name="tender_ban_scope", condition=Q(scope__in=["ach", "check", "noncash"])),
            *(
                no_overlap(f"tender_ban_{scope}_once", "account_id", where=Q(scope=scope))
                for scope in ("ach", "check", "noncash")
            ),
        ]
        triggers = [never_deleted("tender_ban")]
