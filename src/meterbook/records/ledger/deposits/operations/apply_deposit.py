"""Deposits applied to what an account owes: by the posting of its final bill, or by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db import connection

from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.deposits.cancelling import cancel, cancellable
from meterbook.records.ledger.deposits.interest import accrued, give
from meterbook.records.ledger.deposits.queries import deposits, held_cents
from meterbook.records.ledger.deposits.standing import service_of
from meterbook.records.ledger.models import Deposit, DepositUse
from meterbook.records.ledger.settle import balance_of, lock_accounts
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed
from meterbook.records.platform.operations.approvals import request_approval
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR

KIND = "ledger.apply_deposit"


class NothingHeld(ValueError):
    """Nothing of the deposit is held any more."""


class NeedsApproval(PermissionError):
    """Applying it would leave a credit to be paid out; a second person approves exactly that."""


def apply_all(
    account_id: int, *, bill: str, due_on: date, effective_on: date, period: AccountingPeriod, deed: Deed,
    kind: str = DepositUse.APPLIED,
) -> int:  # fmt: skip
    """Turn every deposit held for an account into a credit on it, with its interest up to that day; returns the cents.

    What is unpaid of instalments is taken back first, and counts: the same cents are asked for no more. The caller
    holds the account's lock. ``kind`` is why: applied to what is owed, or refunded to the account.
    """
    booked = {"effective_on": effective_on, "period": period, "deed": deed}
    unpaid = cancel([account_id], **booked)  # type: ignore[arg-type]
    held = [one for one in deposits(account_id).order_by("received_on", "pk") if one.held_cents > 0]
    grown = give(
        accrued(effective_on, [account_id]), upto=effective_on, to="account", bill=bill, due_on=due_on,
        effective_on=effective_on, period=period, deed=deed,
    )  # fmt: skip
    _use(held, kind=kind, bill=bill, due_on=due_on, effective_on=effective_on, period=period, deed=deed)
    return sum(int(one.held_cents) for one in held) + grown + unpaid


def held_by_account(accounts: Sequence[int], on: date) -> pl.DataFrame:
    """What `apply_all` would turn into credits on a day: account, held_cents; accounts with nothing are left out."""
    sums: dict[int, int] = defaultdict(int)
    for account, cents in held_cents(accounts).iter_rows():
        sums[account] += cents
    for account, cents in accrued(on, accounts).select("account", "due").iter_rows():
        sums[account] += cents
    for account, items in cancellable(accounts).items():
        sums[account] += sum(cents for _, cents in items)
    rows = [(account, cents) for account, cents in sorted(sums.items()) if cents > 0]
    return pl.DataFrame(rows, schema={"account": pl.Int64, "held_cents": pl.Int64}, orient="row")


def _use(
    held: list[Deposit], *, kind: str, bill: str, due_on: date, effective_on: date, period: AccountingPeriod,
    deed: Deed,
) -> None:  # fmt: skip
    """Record the use and book the credit: out of the liability, into the receivable of the deposit's service.

    A deposit for no service in particular stands where its account owes most, and `apply_credits` carries it on.
    """
    rows = []
    for deposit in held:
        cents = int(deposit.held_cents)  # type: ignore[attr-defined]
        use = DepositUse.objects.create(
            deposit=deposit, kind=kind, amount_cents=cents, used_on=effective_on, bill=bill, deed=deed
        )
        service = deposit.service or service_of(deposit.account_id)
        rows.append((deposit.account_id, service, deposit.liability_id, -cents, use.pk))
    frame = pl.DataFrame(rows, schema=dict(BOOKED), orient="row")
    book(frame, source_kind="deposit", due_on=due_on, effective_on=effective_on, period=period, deed=deed)


def _held(deposit: Deposit) -> Deposit:
    found: Deposit = deposits(deposit.account_id).get(pk=deposit.pk)
    if found.held_cents <= 0:  # type: ignore[attr-defined]
        raise NothingHeld(f"deposit {deposit.pk} of account {found.account.number} is used up")
    return found


def preview_of(deposit: Deposit, on: date) -> dict[str, int | str]:
    """What applying a deposit would do: what is held, what is owed, and what would be left to pay out. In cents.

    The interest is that up to the day ``on``.
    """
    found = _held(deposit)
    owed = max(0, sum(balance_of(found.account_id).values()))
    held = int(found.held_cents)  # type: ignore[attr-defined]
    grown = sum(accrued(on, [found.account_id]).filter(pl.col("deposit") == found.pk)["due"].to_list())
    return {
        "account": found.account.number, "held_cents": held, "interest_cents": grown, "owed_cents": owed,
        "refundable_cents": max(0, held + grown - owed),
    }  # fmt: skip


@operation("ledger.request_deposit", roles={CSR, BILLING, SUPERVISOR})
def request_deposit(deed: Deed, *, deposit: Deposit) -> Approval:
    """Ask a second person to approve applying a deposit that is more than what is owed.

    Raises `NothingHeld` and `OwnAccount`.
    """
    refuse_own(deed.actor, deposit.account, deed.business_date)
    preview = preview_of(deposit, deed.business_date)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason)
    return request_approval(
        act, kind=KIND, subject=f"deposit:{deposit.pk}", preview=preview, amount_cents=int(preview["refundable_cents"])
    )


@operation(KIND, roles={CSR, BILLING, SUPERVISOR, FINANCE})
def apply_deposit(deed: Deed, *, deposit: Deposit, approval: Approval | None = None) -> DepositUse:
    """Apply what is held of one deposit to what its account owes, with its interest up to that day.

    A deposit that is more than what is owed leaves a credit that can be paid out, and needs the approval of a second
    person for exactly these figures. Raises `NothingHeld`, `NeedsApproval` and `OwnAccount`.
    """
    refuse_own(deed.actor, deposit.account, deed.business_date)
    lock_accounts([deposit.account_id])
    _locked(deposit)
    preview, found = preview_of(deposit, deed.business_date), _held(deposit)
    if preview["refundable_cents"] and not _approves(approval, deposit, preview):
        raise NeedsApproval(
            f"deposit {deposit.pk} of account {found.account.number} is more than what is owed; nobody else approved"
            f" {preview}"
        )
    day = deed.business_date
    give(
        accrued(day, [found.account_id]).filter(pl.col("deposit") == found.pk), upto=day, to="account", bill="",
        due_on=day, effective_on=day, period=accounting_period(day), deed=deed,
    )  # fmt: skip
    _use(
        [found],
        kind=DepositUse.APPLIED,
        bill="",
        due_on=day,
        effective_on=day,
        period=accounting_period(day),
        deed=deed,
    )
    tell(deed, "ledger.deposit_applied", account=found.account_id, deposit=deposit.pk)
    return DepositUse.objects.filter(deposit=deposit).latest("pk")


def _approves(approval: Approval | None, deposit: Deposit, preview: dict[str, int | str]) -> bool:
    if approval is None or approval.kind != KIND or approval.subject != f"deposit:{deposit.pk}":
        return False
    return approval.status == Approval.APPROVED and approval.preview == preview


def _locked(deposit: Deposit) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM ledger_deposit WHERE id = %s FOR NO KEY UPDATE", [deposit.pk])
