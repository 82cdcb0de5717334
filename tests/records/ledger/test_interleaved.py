"""Whatever order things happen in, the books say what a recomputation from scratch says.

Charges, payments (some pointed at a service), reversals, moves, adjustments, refunds and transfers are mixed by chance
on three new accounts. After every step an oracle that knows nothing of allocations, pins or replays says what is open:
it keeps what was taken back out of each credit from the beginning and lets the rest settle the oldest charge first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meterbook.records.customers.models import Account
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.ledger.settle import balance_of, order_on
from meterbook.records.ledger.standing_on import aged_on, standing_on
from meterbook.records.ledger.taking_back import NotOpen, TakenBack, take_back
from meterbook.records.ledger.transfers import account_for
from meterbook.records.ledger.trial_balance import out_of_balance, trial_balance
from meterbook.records.payments.models import Payment
from meterbook.records.payments.moving import move_payment
from meterbook.records.payments.receiving import receive
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.payments.standing import parts_of
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period

pytestmark = pytest.mark.django_db
SERVICES = ("water", "sewer", "refuse", "electricity")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["charge", "charge", "pay", "pay", "credit", "reverse", "move", "refund"]),
        st.integers(0, 2), st.integers(0, 2), st.integers(1, 9_000), st.integers(0, 50), st.sampled_from(SERVICES),
    ),
    min_size=4, max_size=12,
)  # fmt: skip


@dataclass
class Money:
    """A credit as the oracle knows it: when it came, and what was taken out of it since."""

    at: int
    account: int
    service: str
    due_on: date
    cents: int
    gone: int = 0
    refunds: list[list[int]] = field(default_factory=list)  # [at, cents] of each


@dataclass
class Owed:
    """A charge as the oracle knows it."""

    at: int
    account: int
    service: str
    category: str
    due_on: date
    cents: int


class Oracle:
    """What is open, from nothing but what happened."""

    def __init__(self, order: Any) -> None:
        self.order, self.money, self.owed = order, [], []  # type: ignore[var-annotated]

    def standing(self, account: int) -> dict[tuple[date, str, str], int]:
        """Cents open by due date, service and category; what waits is below zero."""
        events: list[tuple[int, Any, int]] = [(one.at, one, one.cents) for one in self.owed if one.account == account]
        for one in self.money:
            if one.account != account:
                continue
            left = one.cents - one.gone
            for at, cents in one.refunds:
                kept = min(left, cents)
                left -= kept
                if cents > kept:  # money given back that was never there is owed again
                    owed = Owed(at, account, one.service, "service", one.due_on, cents - kept)
                    events.append((at, owed, cents - kept))
            events.append((one.at, one, left))
        waiting: list[list[Any]] = []
        open_: list[list[Any]] = []
        for _, one, cents in sorted(events, key=lambda event: event[0]):
            (waiting if isinstance(one, Money) else open_).append([one, cents])
            open_.sort(key=lambda row: (*self.order.turn(row[0].due_on, row[0].category, row[0].service), row[0].at))
            for charge in open_:
                for credit in waiting:
                    cents = min(charge[1], credit[1])
                    charge[1] -= cents
                    credit[1] -= cents
        found: dict[tuple[date, str, str], int] = defaultdict(int)
        for one, cents in open_:
            found[(one.due_on, one.service, one.category)] += cents
        for one, cents in waiting:
            found[(one.due_on, one.service, "service")] -= cents
        return {key: cents for key, cents in found.items() if cents}


class Office:
    """Three new accounts, and what is done to them, told to the books and to the oracle."""

    def __init__(self, office: Any) -> None:
        self.office, self.at = office, 0
        frank = office.account("1000041")
        self.accounts = [
            Account.objects.create(
                number=f"99000{n}", holder=frank.holder, cycle=frank.cycle, mail_lines=[], opened_on=frank.opened_on
            )
            for n in range(3)
        ]
        self.oracle = Oracle(order_on(office.today))
        self.payments: list[tuple[Payment, list[Money]]] = []
        self.started = Deed.objects.latest("pk").pk
        self.tax = LedgerAccount.objects.filter(category="tax").order_by("code").first()
        self.revenue = {
            name: LedgerAccount.objects.filter(kind="revenue", service=name, category="").order_by("code").first()
            or LedgerAccount.objects.filter(kind="revenue", category="").order_by("code").first()
            for name in SERVICES
        }

    def deed(self) -> Deed:
        self.at += 1
        return Deed.objects.create(
            kind="test.step", actor=self.office.staff["finance"], business_date=self.office.today, reason="a step"
        )

    def step(self, what: str, who: int, other: int, cents: int, days: int, service: str) -> None:
        getattr(self, what)(self.accounts[who], self.accounts[other], cents, days, service)

    def charge(self, account: Account, _: Account, cents: int, days: int, service: str) -> None:
        self._book(account, cents, days, service, self.tax if cents % 3 == 0 else self.revenue[service])

    def credit(self, account: Account, _: Account, cents: int, days: int, service: str) -> None:
        self._book(account, -cents, days, service, self.revenue[service])

    def _book(self, account: Account, cents: int, days: int, service: str, against: Any) -> None:
        deed, today = self.deed(), self.office.today
        due_on = today - timedelta(days=days - 20)
        rows = [(account.pk, service, against.pk, cents, 10**9 + deed.pk)]
        book(
            pl.DataFrame(rows, schema=dict(BOOKED), orient="row"), source_kind="fee", due_on=due_on,
            effective_on=today, period=accounting_period(today), deed=deed,
        )  # fmt: skip
        if cents > 0:
            category = against.category or "service"
            self.oracle.owed.append(Owed(self.at, account.pk, service, category, due_on, cents))
        else:
            self.oracle.money.append(Money(self.at, account.pk, service, due_on, -cents))

    def pay(self, account: Account, _: Account, cents: int, days: int, service: str) -> None:
        today = self.office.today
        row = {
            "account_id": account.pk, "written_account": account.number, "amount_cents": cents, "received_on": today,
        }  # fmt: skip
        made = receive(self.deed(), pl.DataFrame([row]), into=account_for("clearing"), effective_on=today)
        money = Money(self.at, account.pk, "", today, cents)
        self.oracle.money.append(money)
        self.payments.append((Payment.objects.get(pk=made["id"][0]), [money]))

    def reverse(self, account: Account, _: Account, cents: int, days: int, service: str) -> None:
        if self.payments:
            payment, parts = self.payments.pop(cents % len(self.payments))
            reverse_payments(self.deed(), [ToReverse(payment, "R01")], kind="returned", reversed_on=self.office.today)
            for part in parts:
                part.gone = part.cents

    def move(self, account: Account, other: Account, cents: int, days: int, service: str) -> None:
        if not self.payments:
            return
        payment, parts = self.payments[cents % len(self.payments)]
        source = parts[-1]
        moved = min(cents, source.cents - source.gone)
        target = next(one for one in self.accounts if one.pk != source.account)
        if not moved or any(one.account == target.pk for one in parts):
            return
        whose = next(one for one in self.accounts if one.pk == source.account)
        move_payment(self.deed(), payment, source=whose, target=target, cents=moved, moved_on=self.office.today)
        source.gone += moved
        money = Money(self.at, target.pk, "", self.office.today, moved)
        self.oracle.money.append(money)
        parts.append(money)

    def refund(self, account: Account, _: Account, cents: int, days: int, service: str) -> None:
        """Give back up to what waits in the account's newest payment."""
        items = standing_on(self.office.today, account=account.pk).filter(pl.col("cents") < 0, pl.col("service") == "")
        if items.is_empty():
            return
        item = OpenItem.objects.get(pk=items["item"].max())
        given = min(cents, -int(items.filter(pl.col("item") == item.pk)["cents"][0]))
        deed, today = self.deed(), self.office.today
        parts = [TakenBack(item.pk, given, 10**9 + deed.pk)]
        settled = {
            "source_kind": "refund", "against": account_for("refunds"), "effective_on": today,
            "period": accounting_period(today), "deed": deed, "spent": False,
        }  # fmt: skip
        with pytest.raises(NotOpen), transaction.atomic():
            take_back([TakenBack(item.pk, item.amount_cents + 1, 0)], **settled)
        take_back(parts, **settled)
        [money] = [one for _, parts in self.payments for one in parts if self._is(one, item)]
        money.refunds.append([self.at, given])

    def _is(self, money: Money, item: OpenItem) -> bool:
        held = {
            (part.account, part.item): payment for payment, parts in self.payments if any(one is money for one in parts)
            for part in parts_of([payment.pk])
        }  # fmt: skip
        return (money.account, item.pk) in held and item.account_id == money.account

    def agree(self) -> None:
        """Books, open items and aging against the oracle; and the books against themselves."""
        today = self.office.today
        for account in self.accounts:
            wanted = self.oracle.standing(account.pk)
            found: dict[tuple[date, str, str], int] = defaultdict(int)
            items = standing_on(today, account=account.pk)
            for service, category, due_on, cents in items.select("service", "category", "due_on", "cents").rows():
                found[(due_on, service, category if cents > 0 else "service")] += cents
            assert dict(found) == wanted
            by_service: dict[str, int] = defaultdict(int)
            for (_, service, _), cents in wanted.items():
                by_service[service or "unapplied"] += cents
            assert balance_of(account.pk) == {key: cents for key, cents in by_service.items() if cents}
            [*aged] = aged_on(today, account=account.pk, by="account")
            late = sum(cents for (due_on, _, _), cents in wanted.items() if cents > 0 and due_on < today)
            assert sum(one.past_due for one in aged) == late
            assert sum(one.total for one in aged) == sum(wanted.values())
            assert _books(account.pk) == {key: cents for key, cents in by_service.items() if cents}
        assert _funds_since(self.started) == []


def _books(account: int) -> dict[str, int]:
    """What the transfers say an account owes by service."""
    return {row[0]: int(row[1]) for row in _rows(
        "SELECT CASE a.role WHEN 'unapplied' THEN 'unapplied' ELSE a.service END, sum(l.cents) FROM ledger_leg l"
        " JOIN ledger_ledgeraccount a ON a.id = l.chart_id AND a.role IN ('receivable', 'unapplied')"
        " WHERE l.account_id = %s GROUP BY 1 HAVING sum(l.cents) <> 0", [account],
    )}  # fmt: skip


def _funds_since(deed: int) -> list[Any]:
    """Funds that do not balance over the transfers of these deeds."""
    return _rows(
        "SELECT a.fund, sum(l.cents) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
        " WHERE l.deed_id > %s GROUP BY 1 HAVING sum(l.cents) <> 0", [deed],
    )  # fmt: skip


def _rows(sql: str, params: list[Any]) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@given(steps=STEPS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def _mixed(office: Any, steps: list[tuple[str, int, int, int, int, str]]) -> None:
    with transaction.atomic():
        mixed = Office(office)
        for step in steps:
            mixed.step(*step)
            mixed.agree()
        assert [law.name for law in check_laws() if not law.holds] == []
        transaction.set_rollback(True)


def test_any_interleaving_says_what_a_recomputation_says(office: Any) -> None:
    _mixed(office)


def test_aging_ties_to_the_trial_balance_on_any_day(office: Any) -> None:
    """By service and by fund, today and on days long past; and every fund balances."""
    for day in (office.today, office.today - timedelta(days=13), office.today - timedelta(days=40)):
        lines = trial_balance(day)
        assert out_of_balance(lines) == {} and sum(line.closing for line in lines) == 0
        told = {line.service: line.closing for line in lines if line.role == "receivable"}
        aged = {one.key: one.total for one in aged_on(day, by="service")}
        assert {key: cents for key, cents in aged.items() if key and cents} == {k: c for k, c in told.items() if c}
        assert aged.get("", 0) == sum(line.closing for line in lines if line.role == "unapplied")
        for by in ("fund", "class", "account", "category", "bill"):
            assert sum(one.total for one in aged_on(day, by=by)) == sum(aged.values())  # type: ignore[arg-type]
        assert any(aged.values())
