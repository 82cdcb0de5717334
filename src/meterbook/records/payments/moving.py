"""Payments that belong somewhere else: found their account, or went to the wrong one."""

from __future__ import annotations

from datetime import date

from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.settle import apply_credits, lock_accounts
from meterbook.records.ledger.taking_back import TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment, PaymentMove
from meterbook.records.payments.standing import Part, lock_payments, parts_of
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.queries import accounting_period


class NotThere(ValueError):
    """Less of the payment is on that account (or in suspense) than should be moved."""


def move_payment(
    deed: Deed, payment: Payment, *, source: Account | None, target: Account | None, cents: int, moved_on: date
) -> PaymentMove:
    """Move cents of a payment from an account (None: suspense) to another (None: suspense).

    The account it leaves is left as if that money had never settled anything there, and the target settles with it what
    it owes. Raises `NotThere`.
    """
    lock_payments([payment.pk])
    lock_accounts(sorted({one.pk for one in (source, target) if one is not None}))
    there = [part for part in parts_of([payment.pk]) if part.account == (source.pk if source else None)]
    found = sum(part.cents for part in there)
    if not 0 < cents <= found:
        where = f"account {source.number}" if source else "suspense"
        raise NotThere(f"payment {payment.pk}: {found} cents are in {where}, found {cents} to move")
    period = accounting_period(moved_on)
    move = PaymentMove.objects.create(
        payment=payment, from_account=source, to_account=target, amount_cents=cents, moved_on=moved_on, deed=deed
    )
    # Two customers meet in the account for transfers, which one entry fills and the other empties.
    between = account_for("suspense") if source is None or target is None else account_for("transfers")
    if source is not None:
        _take(there, move, between, period, deed)
    if target is not None:
        _give(target, move, between, period, deed)
    return move


def _take(there: list[Part], move: PaymentMove, between: LedgerAccount, period: AccountingPeriod, deed: Deed) -> None:
    """Out of the account it leaves; its newest part first. One move takes from one credit: parts have one source."""
    part = max((one for one in there if one.item is not None), key=lambda one: (one.cents, one.item or 0))
    if part.cents < move.amount_cents or part.item is None:
        raise NotThere(f"payment {move.payment_id}: it came to this account in parts; move at most {part.cents} cents")
    taken = TakenBack(credit=part.item, cents=move.amount_cents, source=move.pk)
    take_back(
        [taken], source_kind="placement", against=between, effective_on=move.moved_on, period=period, deed=deed,
        spent=True,
    )  # fmt: skip


def _give(target: Account, move: PaymentMove, between: LedgerAccount, period: AccountingPeriod, deed: Deed) -> None:
    Entry.objects.create(
        run_id=0, debit=between, credit=account_for("unapplied"), amount_cents=move.amount_cents, account=target,
        service="", effective_on=move.moved_on, period=period, source_kind="placement", source_id=move.pk, deed=deed,
    )  # fmt: skip
    OpenItem.objects.create(
        account=target, side=OpenItem.CREDIT, service="", due_on=move.moved_on, amount_cents=move.amount_cents,
        source_kind="placement", source_id=move.pk, effective_on=move.moved_on, period=period, deed=deed,
    )  # fmt: skip
    apply_credits([target.pk], effective_on=move.moved_on, period=period, deed=deed)
