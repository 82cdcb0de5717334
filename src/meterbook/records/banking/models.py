"""What the bank says, beside what is on its way to it: statements, their lines, and what was found to belong together.

Money from customers stands in the clearing account until the bank's own line moves it to cash. A match says which lines
and which deposits are the same money; when everything is matched, clearing is zero.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.fields import append_only, never_deleted
from meterbook.records.platform.models import Approval, Deed, ImportBatch


class BankAccount(models.Model):
    """One of our accounts at a bank. The number is kept as a keyed hash; its last four digits are in clear."""

    name = models.CharField(max_length=60, unique=True)
    mark = models.CharField(max_length=64, unique=True, help_text="keyed hash of the account number")
    last_digits = models.CharField(max_length=4)
    format = models.CharField(max_length=20, help_text="format of its statements, like bai2")
    ledger = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bank_accounts")

    class Meta:
        triggers = append_only("bank_account")


class Statement(models.Model):
    """One statement of one account as the bank sent it.

    ``questions`` lists what the file says of itself and does not agree, without binding it; a statement with any is
    held until a person accepts it.
    """

    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    source = models.ForeignKey(ImportBatch, models.PROTECT, related_name="bank_statements")
    number = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    opening_cents = models.BigIntegerField(null=True)
    closing_cents = models.BigIntegerField(null=True)
    questions = models.JSONField(default=list)
    accepted = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="statements_accepted")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bank_statements")

    class Meta:
        triggers = [never_deleted("statement")]


class StatementLine(models.Model):
    """One movement the bank booked: cents that came in are positive. ``key`` is the same for the same movement in
    another file, so that statements may overlap."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField(help_text="line of the file")
    key = models.CharField(max_length=64, unique=True)
    amount_cents = models.BigIntegerField()
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    code = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    bank_reference = models.CharField(max_length=80, blank=True)
    counterparty = models.CharField(max_length=140, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    return_reason = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["booked_on"])]
        constraints = [models.CheckConstraint(name="statement_line_not_nothing", condition=~Q(amount_cents=0))]
        triggers = append_only("statement_line")


class Match(models.Model):
    """Lines and deposits found to be the same money, or cents of either explained by an account of the chart.

    The source of its ledger entries. ``undone`` puts everything back: the entries are booked the other way.
    """

    AUTOMATIC, MANUAL, BOOKED, FEE = "automatic", "manual", "booked", "fee"
    kind = models.CharField(max_length=10)
    on = models.DateField()
    cents = models.BigIntegerField(help_text="what went through the bank, signed")
    against = models.ForeignKey(LedgerAccount, models.PROTECT, null=True, related_name="+")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="bank_matches")
    undone = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="bank_matches_undone")

    class Meta:
        constraints = [
            models.CheckConstraint(name="match_kind", condition=Q(kind__in=["automatic", "manual", "booked", "fee"]))
        ]
        triggers = [never_deleted("bank_match")]


class MatchedLine(models.Model):
    """A line of a match; a line belongs to one match that stands."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="lines")
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="matches")
    stands = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(stands=True), name="line_matched_once"),
        ]
        triggers = [never_deleted("matched_line")]


class MatchedDeposit(models.Model):
    """Cents of a deposit in a match; ``key`` names the deposit like ``batch:17`` (see `banking.deposits`)."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="deposits")
    key = models.CharField(max_length=60, db_index=True)
    cents = models.BigIntegerField()
    stands = models.BooleanField(default=True)

    class Meta:
        triggers = [never_deleted("matched_deposit")]


class Booking(models.Model):
    """A line nobody deposited (a fee, interest, a transfer), booked to an account of the chart by two people."""

    PROPOSED, BOOKED, REFUSED = "proposed", "booked", "refused"
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="bookings")
    against = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40, blank=True, help_text="name of the rule of the policy bank-rules")
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="bank_booking")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="bank_bookings_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="bank_bookings_decided")
    match = models.OneToOneField(Match, models.PROTECT, null=True, related_name="booking")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state__in=["proposed", "booked"]), name="line_booked_once"
            ),
            models.CheckConstraint(
                name="bank_booking_two_people",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
        ]
        triggers = [never_deleted("bank_booking")]


class Unposting(models.Model):
    """A batch to be taken back whole because it should never have been posted; decided by a second person."""

    PROPOSED, DONE, REFUSED = "proposed", "done", "refused"
    batch = models.ForeignKey("payments.PaymentBatch", models.PROTECT, related_name="unpostings")
    state = models.CharField(max_length=10, default=PROPOSED)
    approval = models.OneToOneField(Approval, models.PROTECT, related_name="unposting")
    proposed_by = models.ForeignKey(Deed, models.PROTECT, related_name="unpostings_proposed")
    decided_by = models.ForeignKey(Deed, models.PROTECT, null=True, related_name="unpostings_decided")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=Q(state__in=["proposed", "done"]), name="batch_unposted_once"
            ),
        ]
        triggers = [never_deleted("unposting")]
