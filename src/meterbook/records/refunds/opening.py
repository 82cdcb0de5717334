"""Opening a refund: what is owed back is booked, and its payout waits to be made.

`open_refund` is a plain function for operations that two people already decided (a deposit's refund, a rebate, a
claim); refunds of credits are proposed and decided in `operations.propose` and `operations.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, ForwardingAddress
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.refunds.booking import book_given, book_taken
from meterbook.records.refunds.models import Payout, Refund, RefundPart
from meterbook.records.refunds.refusals import NotRefundable


@dataclass(frozen=True, slots=True)
class FromCredit:
    """Cents of an account's credit (an open item's id) that go back."""

    credit: int
    cents: int


def open_refund(
    deed: Deed,
    *,
    account: Account,
    cents: int,
    how: str,
    source: str,
    credits: Sequence[FromCredit] = (),
    out_of: LedgerAccount | None = None,
    to_account: Account | None = None,
    payee: str = "",
    lines: Sequence[str] = (),
    bank: str = "",
    reason: str = "other",
    note: str = "",
    on: date | None = None,
) -> Refund:
    """Owe ``cents`` back to a customer from ``on`` (the deed's day), two people having decided it.

    The money comes out of ``credits`` of the account, or is debited to ``out_of`` (a deposit's liability, an expense):
    exactly one of them. ``how`` is check, ach, transfer (to ``to_account``) or account (a credit there): the last two
    are done at once, the first two leave a `Payout` waiting. Without ``payee`` and ``lines`` it goes to the holder,
    where the account's mail goes. Raises `NotRefundable` and `ledger.taking_back.NotOpen`.
    """
    refund = put_down(
        deed, account=account, cents=cents, how=how, source=source, credits=credits, out_of=out_of,
        to_account=to_account, payee=payee, lines=lines, bank=bank, reason=reason, note=note,
    )  # fmt: skip
    return owe(deed, refund, on=on or deed.business_date)


def put_down(
    deed: Deed, *, account: Account, cents: int, how: str, source: str, credits: Sequence[FromCredit],
    out_of: LedgerAccount | None, to_account: Account | None, payee: str, lines: Sequence[str], bank: str, reason: str,
    note: str,
) -> Refund:  # fmt: skip
    """A refund as it is asked for; nothing is booked. Raises `NotRefundable`."""
    if bool(credits) == bool(out_of) or (credits and sum(one.cents for one in credits) != cents) or cents <= 0:
        raise NotRefundable(Step(N_("A refund comes out of credits that add up to it, or out of one account.")))
    if (how == "transfer") != (to_account is not None) or to_account == account:
        raise NotRefundable(Step(N_("A transfer names another account, and nothing else does.")))
    refund = Refund.objects.create(
        account=account, to_account=to_account, source=source, how=how, amount_cents=cents,
        payee=payee or account.holder.name, lines=list(lines) or address_of(account, deed.business_date), bank=bank,
        reason=reason, note=note.strip(), out_of=out_of, proposed_by=deed,
    )  # fmt: skip
    for one in credits:
        RefundPart.objects.create(refund=refund, credit_id=one.credit, amount_cents=one.cents)
    return refund


def owe(deed: Deed, refund: Refund, *, on: date) -> Refund:
    """Book a refund that was decided; its payout waits, or it is done where it only moves to an account."""
    accounts = [refund.account_id] + ([refund.to_account_id] if refund.to_account_id else [])
    lock_accounts(sorted(accounts))
    book_taken(deed, refund, on=on)
    if refund.how in ("transfer", "account"):
        book_given(deed, refund, on=on)
        set_state(refund, Refund.PAID, decided_by=deed)
    else:
        set_state(refund, Refund.OWED, decided_by=deed)
        new_payout(deed, refund, how=refund.how)
    tell(deed, "refunds.owed", refund=refund.pk, account=refund.account_id, cents=refund.amount_cents, how=refund.how)
    return refund


def new_payout(deed: Deed, refund: Refund, *, how: str) -> Payout:
    """A try at paying what a refund owes."""
    return Payout.objects.create(
        refund=refund, how=how, amount_cents=refund.amount_cents, payee=refund.payee, lines=refund.lines,
        bank=refund.bank if how == "ach" else "", deed=deed,
    )  # fmt: skip


def set_state(refund: Refund, state: str, **more: Any) -> None:
    """Write a refund's state and whatever else changes with it."""
    refund.state = state
    for name, value in more.items():
        setattr(refund, name, value)
    refund.save(update_fields=["state", *more])


def address_of(account: Account, day: date) -> list[str]:
    """Where an account's mail goes on a day."""
    forwarded = ForwardingAddress.objects.filter(account=account, validity__contains=day).first()
    return [str(line) for line in (forwarded.lines if forwarded else account.mail_lines)]
