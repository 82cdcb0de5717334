"""Every movement of a refund's money, as a `RefundBooking` and its transfer."""

from __future__ import annotations

from datetime import date

from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.settle import apply_credits
from meterbook.records.ledger.taking_back import NotOpen, TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.refunds.models import Payout, Refund, RefundBooking

SOURCE = "refund"

__all__ = ["SOURCE", "NotOpen", "between", "book_aside", "book_given", "book_paid", "book_taken"]


def between(refund: Refund) -> LedgerAccount:
    """Where a refund's money waits: refunds payable, or between two customers while it is being transferred."""
    return account_for("transfers" if refund.how == "transfer" else "refunds")


def book_taken(deed: Deed, refund: Refund, *, on: date) -> None:
    """Take the money out of the credits a refund names, or out of the account it comes from. Raises `NotOpen`."""
    parts = list(refund.parts.select_related("credit").order_by("pk"))
    into = between(refund)
    if not parts:
        assert refund.out_of is not None
        _entry(_booking(deed, refund, RefundBooking.TAKEN, refund.out_of, into, on), account=refund.account_id)
        return
    unapplied = account_for("unapplied")
    taken = []
    for part in parts:
        stood = account_for("receivable", part.credit.service) if part.credit.service else unapplied
        made = RefundBooking.objects.create(
            refund=refund, kind=RefundBooking.TAKEN, part=part, account=refund.account, debit=stood, credit=into,
            amount_cents=part.amount_cents, booked_on=on, deed=deed,
        )  # fmt: skip
        taken.append(TakenBack(credit=part.credit_id, cents=part.amount_cents, source=made.pk))
    take_back(
        taken, source_kind=SOURCE, against=into, effective_on=on, period=accounting_period(on), deed=deed, spent=False
    )


def book_paid(deed: Deed, payout: Payout, *, role: str, on: date) -> None:
    """A payout left: refunds payable goes down, and so does ``role`` (cash or clearing)."""
    booking = _booking(
        deed, payout.refund, RefundBooking.PAID, account_for("refunds"), account_for(role), on, payout=payout
    )
    _entry(booking, account=payout.refund.account_id)


def book_unpaid(deed: Deed, payout: Payout, *, on: date) -> None:
    """A payout that had left ended: the money is back where it left from, and owed again."""
    paid = payout.bookings.get(kind=RefundBooking.PAID)
    booking = _booking(
        deed, payout.refund, RefundBooking.UNPAID, paid.credit, account_for("refunds"), on, payout=payout
    )
    _entry(booking, account=payout.refund.account_id)


def book_given(deed: Deed, refund: Refund, *, on: date) -> OpenItem:
    """The money becomes a credit of an account: the other one of a transfer, or the refund's own."""
    to = refund.to_account or refund.account
    booking = _booking(deed, refund, RefundBooking.GIVEN, between(refund), account_for("unapplied"), on, account=to.pk)
    _entry(booking, account=to.pk)
    period = accounting_period(on)
    made = OpenItem.objects.create(
        account=to, side=OpenItem.CREDIT, service="", due_on=on, amount_cents=refund.amount_cents, source_kind=SOURCE,
        source_id=booking.pk, effective_on=on, period=period, deed=deed,
    )  # fmt: skip
    apply_credits([to.pk], effective_on=on, period=period, deed=deed)
    return made


def book_aside(deed: Deed, refund: Refund, *, on: date) -> None:
    """Nobody cashed it: refunds payable becomes unclaimed money."""
    booking = _booking(deed, refund, RefundBooking.ASIDE, account_for("refunds"), account_for("unclaimed"), on)
    _entry(booking, account=refund.account_id)


def _booking(
    deed: Deed, refund: Refund, kind: str, debit: LedgerAccount, credit: LedgerAccount, on: date, *,
    payout: Payout | None = None, account: int | None = None,
) -> RefundBooking:  # fmt: skip
    return RefundBooking.objects.create(
        refund=refund, kind=kind, payout=payout, account_id=account or refund.account_id, debit=debit, credit=credit,
        amount_cents=refund.amount_cents, booked_on=on, deed=deed,
    )  # fmt: skip


def _entry(booking: RefundBooking, *, account: int) -> None:
    Entry.objects.create(
        run_id=0, debit=booking.debit, credit=booking.credit, amount_cents=booking.amount_cents, account_id=account,
        service="", effective_on=booking.booked_on, period=accounting_period(booking.booked_on), source_kind=SOURCE,
        source_id=booking.pk, deed=booking.deed,
    )  # fmt: skip
