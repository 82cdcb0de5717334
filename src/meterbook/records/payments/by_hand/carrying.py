"""Carrying a credit, or what is owed, from one account of a customer to another."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.ledger.allocating import MADE, store
from meterbook.records.ledger.models import Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.settle import apply_credits, open_items
from meterbook.records.ledger.taking_back import TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.by_hand.models import CarriedItem, HandChange
from meterbook.records.payments.by_hand.refusals import NotPossible
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.queries import accounting_period

#: Charges that stay where they are: an instalment of a deposit moves with its deposit.
_STAYS = ("install",)


@dataclass(frozen=True, slots=True)
class OpenPart:
    """An open item with the cents still open on it."""

    item: OpenItem
    cents: int


def open_parts(account: Account, side: str) -> list[OpenPart]:
    """Charges or credits of an account that can be carried, the oldest first."""
    found = {row[0]: row[-1] for row in open_items([account.pk], side).rows()}
    items = OpenItem.objects.filter(pk__in=found).exclude(source_kind__in=_STAYS).order_by("due_on", "pk")
    return [OpenPart(item, int(found[item.pk])) for item in items]


def carry_credit(deed: Deed, change: HandChange) -> None:
    """Take unspent credits, the oldest first, and give them to the other account, which settles with them."""
    source, target, period = _between(change)
    rows = _carried(change, open_parts(source, OpenItem.CREDIT))
    transfers = account_for("transfers")
    take_back(
        [TakenBack(row.item_id, row.amount_cents, row.pk) for row in rows], source_kind="transfer", against=transfers,
        effective_on=change.effective_on, period=period, deed=deed, spent=False,
    )  # fmt: skip
    for row in rows:
        _book(deed, change, row, target, period, debit=transfers, credit=account_for("unapplied"), service="")
        _item(deed, change, row, target, period, side=OpenItem.CREDIT, like=None)
    apply_credits([target.pk], effective_on=change.effective_on, period=period, deed=deed)


def carry_balance(deed: Deed, change: HandChange) -> None:
    """Settle what is open here by a transfer and charge it there: same service, category and due date."""
    source, target, period = _between(change)
    rows = _carried(change, open_parts(source, OpenItem.CHARGE))
    transfers, made = account_for("transfers"), []
    for row in rows:
        service = row.item.service
        stands = account_for("receivable", service) if service else account_for("unapplied")
        _book(deed, change, row, source, period, debit=transfers, credit=stands, service=service)
        credit = _item(deed, change, row, source, period, side=OpenItem.CREDIT, like=row.item)
        made.append((credit.pk, row.item_id, source.pk, row.amount_cents, service, service, True))
        _book(deed, change, row, target, period, debit=stands, credit=transfers, service=service)
        _item(deed, change, row, target, period, side=OpenItem.CHARGE, like=row.item)
    settled = pl.DataFrame(made, schema=dict(MADE), orient="row")
    store(settled, effective_on=change.effective_on, period=period, deed=deed)
    apply_credits([target.pk], effective_on=change.effective_on, period=period, deed=deed)


def _between(change: HandChange) -> tuple[Account, Account, AccountingPeriod]:
    assert change.from_account is not None and change.to_account is not None, "a constraint says so"
    return change.from_account, change.to_account, accounting_period(change.effective_on)


def _carried(change: HandChange, parts: list[OpenPart]) -> list[CarriedItem]:
    """One row for every open item the amount reaches into; raises `NotPossible` where less is open."""
    left, rows = change.amount_cents, []
    for part in parts:
        cents = min(left, part.cents)
        if cents:
            rows.append(CarriedItem.objects.create(change=change, item=part.item, amount_cents=cents))
            left -= cents
    if left:
        raise NotPossible(Step(N_("Less than that is open on the account it would leave.")))
    return rows


def _book(
    deed: Deed, change: HandChange, row: CarriedItem, account: Account, period: AccountingPeriod, *,
    debit: LedgerAccount, credit: LedgerAccount, service: str,
) -> None:  # fmt: skip
    Entry.objects.create(
        run_id=0, debit=debit, credit=credit, amount_cents=row.amount_cents, account=account, service=service,
        effective_on=change.effective_on, period=period, source_kind="transfer", source_id=row.pk, deed=deed,
    )  # fmt: skip


def _item(
    deed: Deed, change: HandChange, row: CarriedItem, account: Account, period: AccountingPeriod, *, side: str,
    like: OpenItem | None,
) -> OpenItem:  # fmt: skip
    return OpenItem.objects.create(
        account=account, side=side, service=like.service if like else "",
        category=like.category if like else "service", due_on=like.due_on if like else change.effective_on,
        amount_cents=row.amount_cents, source_kind="transfer", source_id=row.pk, effective_on=change.effective_on,
        period=period, deed=deed,
    )  # fmt: skip
