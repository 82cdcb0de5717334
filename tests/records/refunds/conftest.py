"""Maria, whose account closed with money to her credit, and what the office does in one word each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from meterbook.records.customers.models import Account
from meterbook.records.ledger.booking import BOOKED, book
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import balance_of
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.refunds.models import Refund
from meterbook.records.refunds.operations.decide import decide_refund
from meterbook.records.refunds.operations.propose import propose_refund

MARIA = "2000016"


class Desk:
    """What the office does about Maria's credit."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.maria: Account = office.account(MARIA)

    def deed(self, who: str = "billing") -> Deed:
        """A deed of no kind in particular, for functions that take one."""
        act = self.office.act(who)
        return Deed.objects.create(kind="tests.deed", actor=act.actor, business_date=act.business_date)

    def owed(self, account: Account | None = None) -> int:
        return sum(balance_of((account or self.maria).pk).values())

    def pays(self, cents: int, tender: str = "cash", account: Account | None = None) -> Payment:
        """Money arrives today."""
        account = account or self.maria
        rows = pl.DataFrame(
            [(account.pk, account.number, cents, self.office.today, tender)], orient="row",
            schema={"account_id": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64,
                    "received_on": pl.Date, "tender": pl.String},
        )  # fmt: skip
        made = receive(self.deed(), rows, into=account_for("clearing"), effective_on=self.office.today)
        return Payment.objects.get(pk=made["id"][0])

    def moves_out(self, over: int = 4_317) -> None:
        """Maria pays everything and ``over`` cents too much, and her account closes today."""
        self.pays(max(0, self.owed()) + over)
        Account.objects.filter(pk=self.maria.pk).update(closed_on=self.office.today)
        self.maria.refresh_from_db()
        assert self.owed() == -over

    def moves_out_owing(self, cents: int) -> None:
        """Maria pays everything but a last small charge, and her account closes today."""
        self.pays(max(1, self.owed()))
        against = LedgerAccount.objects.get(code="4940").pk
        frame = pl.DataFrame(
            [(self.maria.pk, "water", against, cents - self.owed(), 10**9)], schema=dict(BOOKED), orient="row"
        )
        day = self.office.today
        book(
            frame, source_kind="fee", due_on=day, effective_on=day, period=accounting_period(day), deed=self.deed()
        )  # fmt: skip
        Account.objects.filter(pk=self.maria.pk).update(closed_on=day)
        self.maria.refresh_from_db()
        assert self.owed() == cents

    def later(self, days: int) -> date:
        """The office after so many days."""
        self.office.advance(date.fromordinal(self.office.today.toordinal() + days))
        return self.office.today  # type: ignore[no-any-return]

    def refunded(self, how: str = "check", **more: Any) -> Refund:
        """A refund asked for by billing and approved by the supervisor."""
        made = propose_refund(self.office.act("billing"), account=self.maria, how=how, reason="moved_out", **more)
        return decide_refund(self.office.act("supervisor"), refund=made, approve=True)


@pytest.fixture
def desk(office: Any) -> Desk:
    return Desk(office)


@pytest.fixture
def role_balance(rows: Callable[..., list[tuple[Any, ...]]]) -> Callable[[str], int]:
    """What the books hold under a role, debits above zero."""

    def found(role: str) -> int:
        sql = "SELECT coalesce(sum(l.cents), 0) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
        return int(rows(f"{sql} WHERE a.role = %s", [role])[0][0])

    return found
