"""Doing what was asked for: the one function that posts, whether it is tried for the preview or done."""

from __future__ import annotations

from collections.abc import Callable

from meterbook.engine.trace import N_, Step
from meterbook.records.ledger.taking_back import NotOpen, pin
from meterbook.records.payments.by_hand.carrying import carry_balance, carry_credit
from meterbook.records.payments.by_hand.limits import limits_on
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.refusals import NotPossible
from meterbook.records.payments.models import Payment
from meterbook.records.payments.moving import NotThere, move_payment
from meterbook.records.payments.reversing import AlreadyReversed, ToReverse, reverse_payments
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period


def do(deed: Deed, change: HandChange) -> None:
    """Post a change. Raises `NotPossible` where the money is no longer where it was."""
    try:
        _DO[change.kind](deed, change)
    except NotOpen:
        raise NotPossible(Step(N_("Less than that is still open there."))) from None
    except NotThere:
        raise NotPossible(Step(N_("Less of the payment is there than should be moved."))) from None
    except AlreadyReversed:
        raise NotPossible(Step(N_("The payment was taken back already."))) from None


def _reverse(deed: Deed, change: HandChange) -> None:
    kind = limits_on(change.effective_on)[1].reasons[change.reason].reversal
    wanted = [ToReverse(_payment(change), change.reason[:12])]
    reverse_payments(deed, wanted, kind=kind, reversed_on=change.effective_on)


def _move(deed: Deed, change: HandChange) -> None:
    move_payment(
        deed, _payment(change), source=change.from_account, target=change.to_account, cents=change.amount_cents,
        moved_on=change.effective_on,
    )  # fmt: skip


def _apply(deed: Deed, change: HandChange) -> None:
    assert change.credit is not None and change.charge is not None, "asked for with both"
    pin(
        change.credit, change.charge, change.amount_cents, effective_on=change.effective_on,
        period=accounting_period(change.effective_on), deed=deed,
    )  # fmt: skip


def _payment(change: HandChange) -> Payment:
    assert change.payment is not None, "a constraint says so"
    return change.payment


_DO: dict[str, Callable[[Deed, HandChange], None]] = {
    "reverse": _reverse, "move": _move, "transfer_credit": carry_credit, "transfer_balance": carry_balance,
    "apply_credit": _apply,
}  # fmt: skip
