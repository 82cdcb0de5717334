"""Money that goes back: refunds with their payouts and what they booked; reviews of credits; exports of payouts.

A refund is a decision: what is owed to whom, out of which credits. A payout is one try at paying it, by check or
through the banks; a check that comes back is followed by another payout of the same refund. Every movement of money is
a `RefundBooking`, and its id is the source of the ledger's entries and open items of kind ``refund``.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.refunds.rebates.models import RebateApplication
from meterbook.records.refunds.small.models import SmallBatch, SmallRow
from meterbook.records.refunds.unclaimed.models import Publication, Unclaimed, UnclaimedClaim, UnclaimedStep

__all__ = [
    "HOWS", "SOURCES", "CreditReview", "OpenCredit", "Payout", "PayoutExport", "Publication", "RebateApplication",
    "Refund", "RefundBooking", "RefundPart", "SmallBatch", "SmallRow", "Told", "Unclaimed", "UnclaimedClaim",
    "UnclaimedStep",
]  # fmt: skip

#: How money goes back: a check, a credit through the banks, onto another account of the customer, onto this one.
HOWS = ("check", "ach", "transfer", "account")
#: Where it came from: a credit of the account, a deposit, a rebate, unclaimed money its owner asked for, anything else.
SOURCES = ("credit", "deposit", "rebate", "unclaimed", "other")


class Refund(models.Model):
    """Money owed back to a customer: asked for, decided by a second person, then owed until it is paid or ends.

    ``out_of`` is the ledger account it comes from where it is no credit of the account (a deposit's liability, a
    rebate's expense, unclaimed money). ``bank`` is opaque here: whoever sends the ACH file reads it; empty means the
    bank account of the customer's own autopay.
    """

    PROPOSED, REFUSED, WITHDRAWN = "proposed", "refused", "withdrawn"
    OWED, SENT, PAID, KEPT, UNCLAIMED = "owed", "sent", "paid", "kept", "unclaimed"
    account = models.ForeignKey(Account, models.PROTECT, related_name="refunds")
    to_account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="refunds_received")
    source = models.CharField(max_length=10)
    how = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField()
    payee = models.CharField(max_length=160)
    lines = models.JSONField(help_text="list of printed address lines below the payee's name")
    bank = models.CharField(max_length=80, blank=True, help_text="opaque name of bank details kept elsewhere")
    reason = models.CharField(max_length=40, help_text="code of the policy refunds")
    note = models.TextField(blank=True)
    out_of = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.ForeignKey(Approval, models.PROTECT, null=True, related_name="refunds")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="refunds_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="refunds_decided")

    class Meta:
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(name="refund_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="refund_how", condition=Q(how__in=HOWS)),
            models.CheckConstraint(name="refund_source", condition=Q(source__in=SOURCES)),
            models.CheckConstraint(
                name="refund_state",
                condition=Q(
                    state__in=["proposed", "refused", "withdrawn", "owed", "sent", "paid", "kept", "unclaimed"]
                ),
            ),
            models.CheckConstraint(name="refund_decided", condition=Q(state="proposed") | Q(decided_by__isnull=False)),
            models.CheckConstraint(
                name="refund_goes_elsewhere",
                condition=(Q(how="transfer") & Q(to_account__isnull=False) & ~Q(to_account=F("account")))
                | (~Q(how="transfer") & Q(to_account__isnull=True)),
            ),
        ]
        triggers = [
            never_deleted("refund"),
            pgtrigger.ReadOnly(
                name="refund_keeps_its_facts",
                fields=["account", "to_account", "source", "amount_cents", "reason", "out_of", "proposed_by"],
            ),
        ]


class RefundPart(models.Model):
    """Cents of one credit (an open item) a refund takes."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="parts")
    credit = models.ForeignKey(OpenItem, models.PROTECT, related_name="refund_parts")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_part_positive", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["refund", "credit"], name="refund_part_once"),
        ]
        triggers = append_only("refund_part")


class PayoutExport(models.Model):
    """A file of payouts as it was handed over: to accounts payable, to the bank (positive pay), or an ACH file."""

    kind = models.CharField(max_length=12, help_text="ap, positive_pay or ach")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="empty where the file is kept by whoever wrote it")
    count = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    made_on = models.DateField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payout_exports")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payout_export_kind", condition=Q(kind__in=["ap", "positive_pay", "ach"]))
        ]
        triggers = append_only("payout_export")


class Payout(models.Model):
    """One try at paying a refund: a check asked for, issued, cleared or ended; or an ACH credit, likewise."""

    WAITING, EXPORTED, ISSUED, CLEARED = "waiting", "exported", "issued", "cleared"
    CANCELLED, VOIDED, STOPPED, RETURNED, STALE = "cancelled", "voided", "stopped", "returned", "stale"
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="payouts")
    how = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField()
    payee = models.CharField(max_length=160)
    lines = models.JSONField(help_text="list of printed address lines below the payee's name")
    bank = models.CharField(max_length=80, blank=True, help_text="opaque name of bank details kept elsewhere")
    state = models.CharField(max_length=10, default=WAITING)
    export = models.ForeignKey(PayoutExport, models.PROTECT, null=True, related_name="payouts")
    reference = models.CharField(max_length=40, blank=True, help_text="check number, or trace number of an ACH credit")
    issued_on = models.DateField(null=True)
    cleared_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True, help_text="why it ended: returned by the post, R03, …")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="payouts")

    class Meta:
        indexes = [models.Index(fields=["state", "how"])]
        constraints = [
            models.CheckConstraint(name="payout_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="payout_how", condition=Q(how__in=["check", "ach"])),
            models.CheckConstraint(
                name="payout_state",
                condition=Q(state__in=["waiting", "exported", "issued", "cleared"])
                | (Q(state__in=["cancelled", "voided", "stopped", "returned", "stale"]) & Q(ended_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="payout_issued", condition=~Q(state__in=["issued", "cleared"]) | Q(issued_on__isnull=False)
            ),
            models.CheckConstraint(name="payout_cleared", condition=~Q(state="cleared") | Q(cleared_on__isnull=False)),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(state__in=["waiting", "exported", "issued", "cleared"]),
                name="payout_one_alive",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(how="check") & ~Q(reference=""), name="payout_check_number_once"
            ),
        ]
        triggers = [
            never_deleted("payout"),
            pgtrigger.ReadOnly(
                name="payout_keeps_its_facts",
                fields=["refund", "how", "amount_cents", "payee", "lines", "deed"],
            ),
            pgtrigger.Protect(
                name="payout_ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["cancelled", "voided", "stopped", "returned", "stale"]),
            ),
        ]


class Told(models.Model):
    """What the bank has been told of a check by positive pay: that it was issued, that it is void; each once."""

    export = models.ForeignKey(PayoutExport, models.PROTECT, related_name="told")
    payout = models.ForeignKey(Payout, models.PROTECT, related_name="told")
    action = models.CharField(max_length=5, help_text="issue or void")

    class Meta:
        constraints = [
            models.CheckConstraint(name="told_action", condition=Q(action__in=["issue", "void"])),
            models.UniqueConstraint(fields=["payout", "action"], name="told_once"),
        ]
        triggers = append_only("told")


class RefundBooking(models.Model):
    """One movement of a refund's money; its id is the ledger's source of kind ``refund``.

    ``taken``: out of a credit (or ``out_of``) into refunds payable; ``paid`` and ``unpaid``: a payout issued, and
    ended; ``given``: onto an account; ``aside``: into unclaimed money.
    """

    TAKEN, PAID, UNPAID, GIVEN, ASIDE = "taken", "paid", "unpaid", "given", "aside"
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=8)
    part = models.OneToOneField(RefundPart, models.PROTECT, null=True, related_name="booking")
    payout = models.ForeignKey(Payout, models.PROTECT, null=True, related_name="bookings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="refund_bookings")
    debit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+", db_index=False)
    amount_cents = models.BigIntegerField()
    booked_on = models.DateField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="refund_bookings")

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_booking_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="refund_booking_kind", condition=Q(kind__in=["taken", "paid", "unpaid", "given", "aside"])
            ),
            models.UniqueConstraint(
                fields=["payout", "kind"], condition=Q(payout__isnull=False), name="refund_booking_once_a_payout"
            ),
        ]
        triggers = append_only("refund_booking")


class CreditReview(models.Model):
    """Somebody looked at an account's credit and says why it stays, until when it need not be looked at again."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_reviews")
    reason = models.CharField(max_length=40, help_text="code of the policy refunds, stays_because")
    note = models.TextField()
    until = models.DateField(help_text="first day it is on the worklist again")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="credit_reviews")

    class Meta:
        triggers = append_only("credit_review")


class OpenCredit(models.Model):
    """A view: each account with credits nobody spent, what refunds ask of them, since when, and whether it is left."""

    account = models.OneToOneField(Account, models.DO_NOTHING, primary_key=True, related_name="open_credit")
    cents = models.BigIntegerField(help_text="open and not asked for")
    asked_cents = models.BigIntegerField()
    since = models.DateField()
    left_on = models.DateField(null=True, help_text="closed, or served until, where nobody is served any more")

    class Meta:
        managed = False
        db_table = "refunds_open_credit"
