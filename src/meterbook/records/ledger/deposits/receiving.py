"""A deposit's money: into whatever account it came, and out of it again where it turns out never to have been one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.records.customers.models import Account
from meterbook.records.ledger.deposits.models import Deposit, DepositUse
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

#: An account of the chart and the cents that went into it.
Into = tuple[LedgerAccount, int]


class DepositUsed(ValueError):
    """Some of the deposit was applied, refunded or moved since."""


def receive_deposit(
    deed: Deed, *, account: Account, into: Sequence[Into], service: str = "", received_on: date
) -> Deposit:
    """Take a deposit in: debit each account of ``into`` with its cents, credit the deposits held; the caller tells.

    Raises `NoLedgerAccount` where the chart has no account for them.
    """
    liability = account_for("deposits")
    cents = sum(part for _, part in into)
    deposit = Deposit.objects.create(
        account=account, service=service, amount_cents=cents, received_on=received_on, liability=liability, deed=deed
    )
    _book(deed, deposit, [(to, liability, part) for to, part in into])
    return deposit


def give_back_deposit(deed: Deed, *, deposit: Deposit, out_of: Sequence[Into]) -> DepositUse:
    """Take a whole deposit back as if it had never been received: a receipt was voided. Raises `DepositUsed`."""
    locked = Deposit.objects.select_for_update(no_key=True).get(pk=deposit.pk)
    if DepositUse.objects.filter(deposit=locked).exists():
        raise DepositUsed(f"deposit {locked.pk} is no longer held whole")
    use = DepositUse.objects.create(
        deposit=locked, kind=DepositUse.RETURNED, amount_cents=locked.amount_cents, used_on=deed.business_date,
        deed=deed,
    )  # fmt: skip
    _book(deed, locked, [(locked.liability, gone, part) for gone, part in out_of])
    tell(deed, "ledger.deposit_given_back", account=locked.account_id, deposit=locked.pk, cents=locked.amount_cents)
    return use


def _book(deed: Deed, deposit: Deposit, moved: Sequence[tuple[LedgerAccount, LedgerAccount, int]]) -> None:
    """Transfers of a deposit: debit, credit, cents."""
    period = accounting_period(deed.business_date)
    Entry.objects.bulk_create(
        Entry(
            run_id=0, debit=debit, credit=credit, amount_cents=cents, account=deposit.account, service=deposit.service,
            effective_on=deed.business_date, period=period, source_kind="deposit", source_id=deposit.pk, deed=deed,
        )
        for debit, credit, cents in moved
    )  # fmt: skip
