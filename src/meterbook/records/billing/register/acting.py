"""What is done from the register: the deed, and the account calculated again where its run still can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction

from meterbook.engine.trace import N_
from meterbook.records.billing.models import BillRun, HoldOrder, RegisterMark
from meterbook.records.billing.register.operations import (
    delay_bill,
    hold_account,
    let_through,
    recalculate_account,
    release_hold,
)
from meterbook.records.billing.register.operations.hold import CannotHold
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import Act


def hold(
    act: Act, *, account: Account, run: BillRun | None, reason: str, owner: str = "", until: date | None = None
) -> HoldOrder:
    """Hold an account, or put its bill off to a day, and take it out of a run that is calculated."""
    with transaction.atomic():
        if until is None:
            order = hold_account(act, account=account, reason=reason, detail=act.reason, owner=owner)
        else:
            order = delay_bill(act, account=account, reason=reason, until=until, detail=act.reason, owner=owner)
        _again(act, account, run)
    return order


def release(act: Act, *, account: Account, run: BillRun | None) -> bool:
    """Release whatever a person can release of an account: holds by hand, and implausible figures of the run.

    Returns whether the account was calculated again. Raises `CannotHold` where nothing can be released by hand.
    """
    with transaction.atomic():
        orders = list(HoldOrder.objects.filter(account=account, released__isnull=True))
        for order in orders:
            release_hold(act, order=order)
        marked = run is not None and RegisterMark.objects.filter(run=run, account=account, effect="hold").exists()
        if run is not None and marked:
            let_through(act, account=account, run=run)
        if not orders and not marked:
            message = N_("No hold of account {number} is released by hand: what is wrong has to be put right.")
            raise CannotHold("nothing", message, number=account.number)
        return _again(act, account, run)


def for_all(pairs: Sequence[tuple[Account, BillRun]], do: Callable[[Account, BillRun], object]) -> None:
    """Do something for each account in its run: for all of them, or, where one is refused, for none."""
    with transaction.atomic():
        for account, run in pairs:
            do(account, run)


def recalculate(act: Act, *, account: Account, run: BillRun) -> BillRun:
    """Calculate one account of a run again."""
    return recalculate_account(act, account=account, run=run)


def _again(act: Act, account: Account, run: BillRun | None) -> bool:
    if run is None or run.status != BillRun.CALCULATED:
        return False
    recalculate_account(act, account=account, run=run)
    return True
