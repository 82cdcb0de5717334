"""What pages and reports show of the counter: drawers, receipts, bags, and accounts as the cashier sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from meterbook.records.cashiering.expected import Expected, agreed, difference, expected
from meterbook.records.cashiering.models import BankDeposit, Drawer, DrawerCount, Receipt, ReceiptVoid
from meterbook.records.cashiering.operations.make_deposit import takings as takings
from meterbook.records.cashiering.queries import number_of
from meterbook.records.customers.finding.matches import matches
from meterbook.records.customers.models import Account
from meterbook.records.ledger.screens import balances
from meterbook.records.platform.models import User
from meterbook.records.returns.bans import banned_tenders


@dataclass(frozen=True, slots=True)
class Payer:
    """An account at the window: whose, where, what is owed, and the tenders it is barred from."""

    account: Account
    name: str
    address: str
    balance_cents: int
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt as a line of the cashier's tape."""

    receipt: Receipt
    number: str
    voided: ReceiptVoid | None
    tenders: Sequence[str] = field(default_factory=tuple)
    accounts: Sequence[str] = field(default_factory=tuple)


def payers(account_ids: Sequence[int], on: date) -> list[Payer]:
    """Accounts as the cashier sees them, in the order given."""
    accounts = Account.objects.select_related("holder").in_bulk(list(account_ids))
    owed, barred = balances(account_ids), banned_tenders(account_ids, on)
    return [
        Payer(
            accounts[one.account_id], one.name, one.address, owed.get(one.account_id, 0),
            tuple(sorted(barred.get(one.account_id, ()))),
        )
        for one in matches(list(account_ids))
        if one.account_id is not None
    ]  # fmt: skip


def tape(drawer: Drawer, limit: int | None = None) -> list[Slip]:
    """The receipts of a drawer, the newest first."""
    rows = Receipt.objects.filter(drawer=drawer).select_related("void__voided_by", "drawer").order_by("-number")
    rows = rows.prefetch_related("tenders", "lines__account")
    return [slip_of(row) for row in rows[:limit]]


def slip_of(receipt: Receipt) -> Slip:
    """A receipt with its number, its void if any, its tenders and accounts."""
    accounts = [line.account.number for line in receipt.lines.all() if line.account is not None]
    kinds = [tender.kind for tender in receipt.tenders.all()]
    void = getattr(receipt, "void", None)
    return Slip(receipt, number_of(receipt), void, list(dict.fromkeys(kinds)), list(dict.fromkeys(accounts)))


def drawers() -> QuerySet[Drawer, Any]:
    """Every drawer: whose, when, its state, its receipts and voids, what was over or short, its bag.

    What was taken is said once a drawer is closed: it is counted blind.
    """
    return Drawer.objects.values(
        "id", "station", "business_date", "state", "receipts", "over_short_cents", "over_short_reason",
        cashier_name=F("cashier__username"), closed_by=F("closed__actor__username"), bag=F("deposit__bag"),
        voids=Count("slips", filter=Q(slips__void__isnull=False)),
        taken_cents=Sum("slips__total_cents", filter=Q(slips__void__isnull=True, state=Drawer.CLOSED)),
    )  # fmt: skip


def receipts() -> QuerySet[Receipt, Any]:
    """Every receipt: drawer and number, when, how much, whether it stands."""
    void = ReceiptVoid.objects.filter(receipt=OuterRef("pk"))
    return Receipt.objects.annotate(voided=Exists(void)).values(
        "id", "drawer_id", "number", "received_on", "total_cents", "change_cents", "voided",
        cashier_name=F("drawer__cashier__username"), station=F("drawer__station"),
    )  # fmt: skip


def bank_deposits() -> QuerySet[BankDeposit, Any]:
    """Every bag: when it was made, by whom, of how many drawers, cash and beside cash."""
    return BankDeposit.objects.values(
        "id", "bag", "made_on", "cash_cents", "noncash_cents", "amount_cents", made=F("made_by__username"),
        drawer_count=Count("drawers"),
    )  # fmt: skip


def bank_deposit(deposit_id: int) -> BankDeposit | None:
    """One bag with who made it, or nothing."""
    return BankDeposit.objects.select_related("made_by").filter(pk=deposit_id).first()


def undeposited() -> list[Drawer]:
    """Closed drawers that are in no bag yet, the oldest first."""
    rows = Drawer.objects.filter(state=Drawer.CLOSED, deposit__isnull=True).select_related("cashier")
    return list(rows.order_by("business_date", "pk"))


def counts(drawer: Drawer) -> list[DrawerCount]:
    """Who counted what, in order."""
    return list(DrawerCount.objects.filter(drawer=drawer).select_related("counted_by").order_by("pk"))


def balance_of(drawer: Drawer) -> Expected | None:
    """What a drawer had to hold; only once it is closed, so that nobody counts towards it."""
    return expected(drawer) if drawer.state == Drawer.CLOSED else None


def to_settle(drawer: Drawer, closer: User) -> int | None:
    """What is over or short, for whoever closes the drawer; None until two people counted the same."""
    if drawer.state != Drawer.COUNTED or drawer.cashier_id == closer.pk:
        return None
    count = agreed(drawer, closer.pk)
    return None if count is None else difference(drawer, count)
