"""Customers who come and go between two bills: nobody is billed for what nobody read, and no day twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from meterbook.records.billing.models import Bill, BilledPeriod, BillRun
from meterbook.records.billing.queries import holds_of
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.operations.move_in import move_in
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.customers.operations.open_account import open_account
from meterbook.records.ledger.check import check_laws
from meterbook.records.places.models import Premise

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
#: Frank Delaney, a plain house in cycle C1, who leaves in the middle of the days the November run bills.
FRANK = "1000041"
LEAVES = date(2024, 10, 20)


def sql(statement: str, params: list[Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        assert cursor.rowcount >= 1


@pytest.fixture
def house(office: Any) -> Premise:
    """Frank's premise."""
    agreement = ServiceAgreement.objects.filter(account__number=FRANK).first()
    assert agreement is not None
    return agreement.service_point.premise


def leave(office: Any, house: Premise, ends: date = LEAVES) -> None:
    left = move_out(office.act("csr"), account=office.account(FRANK), premise=house, ends=ends)
    assert left.owner_account is None, "the premise must stand vacant"


def newcomer(office: Any, house: Premise) -> Account:
    """Somebody else takes the house on the day Frank leaves."""
    frank = office.account(FRANK)
    account = open_account(office.act("csr"), holder=frank.holder, cycle=frank.cycle, mail_lines=["1 Mill St"])
    move_in(office.act("csr"), account=account, premise=house, starts=LEAVES)
    return account


def november(office: Any) -> BillRun:
    office.read("C1", 3)
    return office.calculate(office.plan("C1", 3, chunk_accounts=4))  # type: ignore[no-any-return]


def terms(run: BillRun, house: Premise, rows: Rows) -> list[tuple[str, str]]:
    """The commodity and term of the equation of each row the run wrote for the house."""
    return rows(
        "SELECT p.commodity, c.outcome FROM billing_completeness c JOIN places_servicepoint p"
        " ON p.id = c.service_point_id WHERE c.run_id = %s AND p.premise_id = %s ORDER BY 1",
        [run.pk, house.pk],
    )


EVERYTHING_HELD = [(name, "held") for name in ("electricity", "refuse", "sewer", "stormwater", "water")]


def test_a_vacated_house_that_nobody_read_is_held_once_and_the_cycle_posts(
    office: Any, house: Premise, rows: Rows
) -> None:
    leave(office, house)
    run = november(office)
    assert {hold["account"] for hold in holds_of(run)} == {FRANK}
    posted = office.post(run)
    assert terms(posted, house, rows) == EVERYTHING_HELD
    assert posted.totals["bills"] == 14
    assert posted.totals["completeness"]["held"] == 5
    assert not [law.name for law in check_laws() if not law.holds]


@pytest.mark.parametrize("cart", ["on file", "not on file"])
def test_two_customers_of_one_unread_house_are_both_held(office: Any, house: Premise, rows: Rows, cart: str) -> None:
    """Neither pays for a share nobody knows, nor for the services beside it; each may lack something of their own."""
    leave(office, house)
    second = newcomer(office, house)
    if cart == "not on file":
        sql("UPDATE places_determinant SET validity = daterange(lower(validity), %s) WHERE service_point_id ="
            " (SELECT id FROM places_servicepoint WHERE premise_id = %s AND commodity = 'refuse')",
            [LEAVES, house.pk])  # fmt: skip
    run = november(office)
    holds = {(hold["account"], hold["commodity"]): hold["reason"] for hold in holds_of(run)}
    services = {name for name, _ in EVERYTHING_HELD}
    assert set(holds) == {(number, name) for number in (FRANK, second.number) for name in services}
    for number in (FRANK, second.number):
        assert {holds[number, name] for name in ("water", "electricity")} == {"usage_gap"}
        assert not Bill.objects.filter(run=run, account__number=number).exists()
    expected = "missing_fact" if cart == "not on file" else "other_service_held"
    assert (holds[FRANK, "refuse"], holds[second.number, "refuse"]) == ("other_service_held", expected)
    posted = office.post(run)
    assert terms(posted, house, rows) == EVERYTHING_HELD
    assert posted.totals["bills"] == 14
    assert not [law.name for law in check_laws() if not law.holds]


def test_nobody_leaves_before_the_days_already_billed(office: Any, house: Premise) -> None:
    """The next customer would be billed for days that are on a bill."""
    [billed, *_] = BilledPeriod.objects.filter(agreement__account__number=FRANK).order_by("-period")
    before = list(ServiceAgreement.objects.filter(account__number=FRANK).values_list("pk", "validity"))
    inside = billed.period.lower
    with pytest.raises(IntegrityError, match=r"is billed to .* it cannot end on"):
        leave(office, house, ends=inside)
    with pytest.raises(IntegrityError, match=f"cannot end on {inside}"):
        sql("UPDATE customers_serviceagreement SET validity = daterange(lower(validity), %s) WHERE id = %s",
            [inside, billed.agreement_id])  # fmt: skip
    assert list(ServiceAgreement.objects.filter(account__number=FRANK).values_list("pk", "validity")) == before
    leave(office, house, ends=billed.period.upper)
