"""What pages and commands show of the bank: accounts, statements, what waits on either side, what was matched."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from meterbook.records.banking.deposits import InTransit, clearing_cents, in_transit
from meterbook.records.banking.matching import Line, candidates
from meterbook.records.banking.models import BankAccount, Booking, Match, Statement, StatementLine, Unposting
from meterbook.records.banking.waiting import proposed_lines, unmatched_lines
from meterbook.records.customers.models import Account
from meterbook.records.payments.models import Payment, PaymentBatch


def bank_accounts() -> list[BankAccount]:
    """Our accounts at banks, by name."""
    return list(BankAccount.objects.order_by("name"))


def bank_account_named(name: str) -> BankAccount:
    """One of them. Raises `BankAccount.DoesNotExist`."""
    return BankAccount.objects.get(name=name)


def standing() -> dict[str, int]:
    """Cents in clearing, waiting at the bank's side and at ours, and how many of each."""
    lines, deposits = unmatched_lines(held=True), in_transit()
    return {
        "clearing_cents": clearing_cents(),
        "lines": lines.count(),
        "lines_cents": int(lines.aggregate(cents=Sum("amount_cents"))["cents"] or 0),
        "deposits": len(deposits),
        "deposits_cents": sum(each.cents for each in deposits),
        "proposed": proposed_lines().count(),
        "held": Statement.objects.exclude(questions=[]).filter(accepted__isnull=True).count(),
    }


def open_lines() -> QuerySet[StatementLine, Any]:
    """Lines that match nothing yet, also of held statements."""
    return unmatched_lines(held=True).values(
        "id", "booked_on", "amount_cents", "code", "kind", "reference", "text", "counterparty",
        bank=F("statement__bank_account__name"),
    )  # fmt: skip


def waiting() -> dict[str, Any]:
    """How many lines match nothing yet, and since when."""
    return unmatched_lines(held=True).order_by().aggregate(count=Count("id"), oldest=Min("booked_on"))


def open_deposits(today: date) -> list[dict[str, Any]]:
    """Deposits that wait for the bank, oldest first, with their age in days."""
    return [
        {"key": each.key, "on": each.on, "cents": each.cents, "all_cents": each.all_cents, "what": each.what,
         "reference": each.reference, "age": (today - each.on).days}
        for each in in_transit()
    ]  # fmt: skip


def line_named(pk: int) -> StatementLine | None:
    """One line, with its statement and bank account."""
    return StatementLine.objects.select_related("statement__bank_account").filter(pk=pk).first()


def line_candidates(line: StatementLine) -> list[InTransit]:
    """Deposits a person may match it with, the likeliest first."""
    words = f"{line.reference} {line.text}"
    return candidates(Line(line.pk, line.amount_cents, line.booked_on, words), in_transit())[:25]


def line_booking(line: StatementLine) -> Booking | None:
    """Its booking that waits for a second person, or stands."""
    found = Booking.objects.filter(line=line).exclude(state=Booking.REFUSED)
    return found.select_related("approval", "against", "proposed_by__actor").first()


def line_match(line: StatementLine) -> Match | None:
    """The match it stands in."""
    return Match.objects.filter(lines__line=line, lines__stands=True).first()


def statements() -> QuerySet[Statement, Any]:
    """Every statement, with how many lines it brought."""
    return Statement.objects.annotate(lines_count=Count("lines")).values(
        "id", "number", "as_of", "opening_cents", "closing_cents", "lines_count", "questions", "accepted_id",
        bank=F("bank_account__name"), file_name=F("source__file_name"),
    )  # fmt: skip


def statement_named(pk: int) -> Statement | None:
    """One statement."""
    return Statement.objects.select_related("bank_account", "accepted__actor").filter(pk=pk).first()


def statement_lines(pk: int) -> QuerySet[StatementLine, Any]:
    """The lines a statement brought."""
    return StatementLine.objects.filter(statement_id=pk).values(
        "id", "line", "booked_on", "amount_cents", "code", "kind", "reference", "text", "counterparty"
    )


def matches() -> QuerySet[Match, Any]:
    """Everything matched or booked, the newest first."""
    return Match.objects.exclude(kind=Match.FEE).values(
        "id", "kind", "on", "cents", "undone_id", by=F("deed__actor__username"), against_code=F("against__code")
    )


def match_named(pk: int) -> Match | None:
    """One match."""
    return Match.objects.select_related("against", "deed__actor", "undone__actor").filter(pk=pk).first()


def unplaced_payments() -> QuerySet[Payment, Any]:
    """Payments of which anything waits for an account: came without one, and neither placed whole nor taken back."""
    gone = Coalesce(Sum("moves__amount_cents", filter=Q(moves__from_account__isnull=True)), 0)
    rows = Payment.objects.filter(account__isnull=True, reversal__isnull=True).annotate(gone=gone)
    return rows.filter(gone__lt=F("amount_cents")).values(
        "id", "written_account", "amount_cents", "received_on", "reference", "line", "payer",
        batch_number=F("batch__number"),
    )  # fmt: skip


def payment_in_suspense(pk: int) -> Payment | None:
    """A payment that came without an account."""
    return Payment.objects.select_related("batch").filter(pk=pk, account__isnull=True).first()


def batch_named(pk: int) -> PaymentBatch | None:
    """One batch."""
    return PaymentBatch.objects.filter(pk=pk).first()


def unposting_of(batch_id: int) -> Unposting | None:
    """The request about a batch that waits or was granted, else the last."""
    found = Unposting.objects.filter(batch_id=batch_id).select_related("approval", "proposed_by__actor")
    return found.order_by("-pk").first()


def account_numbered(number: str) -> Account | None:
    """The account of a number."""
    return Account.objects.select_related("holder").filter(number=number).first()
