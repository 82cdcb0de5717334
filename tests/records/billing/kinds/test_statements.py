"""Statements without charges: who owes from before and is served no more is told so, once a month."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from meterbook.records.billing.models import BillRun
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.settle import balance_of

pytestmark = pytest.mark.django_db
FRANK = "1000041"


@pytest.fixture
def owing(office: Any) -> Any:
    """Frank left with November's final bill and has not paid it; December comes."""
    office.read("C1", 3)
    agreement = ServiceAgreement.objects.filter(account__number=FRANK).first()
    assert agreement is not None
    move_out(
        office.act("csr"), account=office.account(FRANK), premise=agreement.service_point.premise,
        ends=office.read_day("C1", 3),
    )  # fmt: skip
    office.bill("C1", 3)
    assert sum(balance_of(office.account(FRANK).pk).values()) > 0
    office.read("C1", 4)
    return office


def december(office: Any, **kwargs: Any) -> BillRun:
    made: BillRun = office.calculate(office.plan("C1", 4, **kwargs))
    return made


def test_the_debt_of_who_left_is_stated_with_the_cycle(owing: Any) -> None:
    before = balance_of(owing.account(FRANK).pk)
    run = december(owing, statements=True)
    bill = run.bills.get(account__number=FRANK)
    assert (bill.kind, bill.current_cents) == ("statement", 0)
    assert bill.amount_due_cents == sum(before.values())
    assert set(run.bills.exclude(pk=bill.pk).values_list("kind", flat=True)) == {"cycle"}
    posted = owing.post(run)
    terms = posted.totals["completeness"]
    assert terms["points"] == terms["billed"] + terms["held"] + terms["not_due"] + terms["inactive"]
    assert balance_of(owing.account(FRANK).pk) == before
    assert [law.name for law in check_laws() if not law.holds] == []


def test_without_the_option_nobody_is_told(owing: Any) -> None:
    assert not december(owing).bills.filter(kind="statement").exists()


def test_who_was_billed_in_the_window_is_not_told_again(owing: Any) -> None:
    owing.post(december(owing, statements=True))
    owing.advance(owing.today + timedelta(days=1))
    again = owing.calculate(owing.plan("C1", 4, statements=True))
    assert again.bills.count() == 0
