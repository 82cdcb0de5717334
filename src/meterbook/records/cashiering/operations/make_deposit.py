"""The bag to the bank: what closed drawers took, cash and beside cash, leaves the drawers."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.records.cashiering import booking
from meterbook.records.cashiering.expected import agreed, expected
from meterbook.records.cashiering.models import BankDeposit, Drawer
from meterbook.records.cashiering.queries import lock_drawer
from meterbook.records.cashiering.refusals import OwnDrawer, WrongBag
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CASHIER, CSR, FINANCE, SUPERVISOR


@operation("cashiering.make_deposit", roles={CASHIER, CSR, SUPERVISOR, FINANCE})
def make_deposit(deed: Deed, *, drawers: Sequence[Drawer], bag: str) -> BankDeposit:
    """Make up a bag of some closed drawers, floats put back into the safe; never by one of their cashiers.

    Raises `WrongBag` and `OwnDrawer`.
    """
    locked = [lock_drawer(pk) for pk in sorted({drawer.pk for drawer in drawers})]
    if any(each.cashier_id == deed.actor.pk for each in locked):
        raise OwnDrawer()
    wrong = any(each.state != Drawer.CLOSED or each.deposit_id is not None for each in locked)
    held = {each.pk: takings(each) for each in locked if not wrong}
    cash, noncash = (sum(part[at] for part in held.values()) for at in (0, 1))
    name = bag.strip()
    if wrong or not name or cash < 0 or cash + noncash <= 0 or BankDeposit.objects.filter(bag=name).exists():
        raise WrongBag()
    made = BankDeposit.objects.create(
        bag=name, made_on=deed.business_date, cash_cents=cash, noncash_cents=noncash, amount_cents=cash + noncash,
        made_by=deed.actor, deed=deed,
    )  # fmt: skip
    for each in locked:
        each.deposit = made
        each.save(update_fields=["deposit"])
    booking.move(
        deed, debit=account_for("clearing"), credit=account_for("drawer"), cents=made.amount_cents,
        source_kind="drawer", source=made.pk,
    )  # fmt: skip
    tell(deed, "cashiering.deposit_made", deposit=made.pk, bag=name, cents=made.amount_cents, on=str(made.made_on))
    return made


def takings(drawer: Drawer) -> tuple[int, int]:
    """What of a closed drawer goes to the bank: cash with the drops and without the float, and beside cash; cents."""
    assert drawer.closed is not None
    count = agreed(drawer, drawer.closed.actor_id)
    assert count is not None
    return count.cash_cents - drawer.float_cents + expected(drawer).dropped_cents, count.noncash_cents
