"""Moves that somebody enters twice, too early, or after one that never was."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.moved import with_policy
from tests.web.office import BILL_2, Office, act

from meterbook.records.corrections.operations.withdraw_case import withdraw_case
from meterbook.records.corrections.refusals import StillNeeded
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.moves.models import Move
from meterbook.records.moves.operations.correct import correct_date, undo
from meterbook.records.moves.operations.make import make_move
from meterbook.records.moves.plans import Deposit, Entering, Leaving, NewPerson, Plan
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.places.models import Premise, Route, ServicePoint
from meterbook.records.service_orders.models import Order

LATER = date(2026, 9, 20)


@pytest.fixture
def town(office: Office) -> Office:
    """The office with the policy of moves in force, and an electric point at the empty house."""
    with_policy(office)
    ServicePoint.objects.create(
        premise=office.vacant, code="E-7", commodity="electricity", connection="metered", sequence=9,
        route=Route.objects.get(), validity=(date(2026, 7, 6), None),
    )  # fmt: skip
    return office


def start(premise: Premise, on: date, name: str = "Dora Diaz") -> Plan:
    """Somebody new begins service."""
    return Plan(
        "start", (),
        Entering(premise.pk, on, newcomer=NewPerson(name), schedules={"E-7": "E-RES"},
                 documents=("photo_id",), deposit=Deposit(ask=False)),
    )  # fmt: skip


def test_the_same_start_planned_twice(town: Office) -> None:
    """Two tabs plan the same start: the second is told of the first and opens no second account."""
    csr = act(town.staff["csr"], BILL_2)
    make_move(csr, plan=start(town.vacant, LATER))
    accounts = Account.objects.count()
    with pytest.raises(MoveRefused):
        make_move(csr, plan=start(town.vacant, LATER))
    assert Account.objects.count() == accounts and Move.objects.count() == 1


def test_a_start_before_the_one_there_leaves(town: Office) -> None:
    """Ben's leaving is planned for the 20th: nobody is planned in for the 10th."""
    csr, mill = act(town.staff["csr"], BILL_2), Premise.objects.get(street="Mill Street", street_number="12")
    make_move(csr, plan=Plan("stop", (Leaving(town.ben.pk, mill.pk, LATER),)))
    newcomer = Entering(mill.pk, date(2026, 9, 12), newcomer=NewPerson("Dora Diaz"), documents=("photo_id",),
                        deposit=Deposit(ask=False))  # fmt: skip
    with pytest.raises(MoveRefused):
        make_move(csr, plan=Plan("start", (), newcomer))


def test_a_start_again_after_one_that_never_was(town: Office) -> None:
    """The wrong customer was moved in and taken back: the right one begins on the very same day."""
    csr = act(town.staff["csr"], BILL_2, "the wrong house")
    made = make_move(csr, plan=start(town.vacant, BILL_2))
    undo(csr, move=made)
    make_move(csr, plan=start(town.vacant, BILL_2, "Cora Lind"))
    served = ServiceAgreement.objects.get(service_point__code="E-7", validity__contains=BILL_2)
    assert served.account.holder.name == "Cora Lind"


def test_an_account_opened_for_a_move_that_never_was_closes(town: Office) -> None:
    """Also after the day was corrected in between."""
    csr = act(town.staff["csr"], BILL_2, "the wrong house")
    made = make_move(csr, plan=start(town.vacant, date(2026, 9, 5)))
    again = correct_date(csr, move=made, premise=town.vacant, on=date(2026, 9, 6), plan=start(town.vacant, BILL_2))
    undo(csr, move=again)
    assert Account.objects.get(pk=made.account_id).closed_on is not None


def test_who_stays_after_all_is_not_turned_off(town: Office) -> None:
    """Ben's leaving is taken back: the order that would turn his service off goes with it."""
    csr, mill = (
        act(town.staff["csr"], BILL_2, "he stays"),
        Premise.objects.get(street="Mill Street", street_number="12"),
    )
    made = make_move(csr, plan=Plan("stop", (Leaving(town.ben.pk, mill.pk, BILL_2, unserved="off"),)))
    assert Order.objects.filter(kind="off", source_id=made.pk).get().state == "approved"
    undo(csr, move=made)
    assert Order.objects.filter(kind="off", source_id=made.pk).get().state == "cancelled"


def test_the_case_a_move_rests_on_is_not_withdrawn(town: Office) -> None:
    """Ana left in August, entered in September: her bill of later days is put right, or the move is taken back."""
    billing = act(town.staff["billing"], BILL_2, "entered late")
    tannery = Premise.objects.get(street="Tannery Row", street_number="214")
    made = make_move(billing, plan=Plan("stop", (Leaving(town.ana.pk, tannery.pk, date(2026, 8, 3)),)))
    assert made.case is not None
    with pytest.raises(StillNeeded):
        withdraw_case(billing, case=made.case)
    undo(billing, move=made)
    assert withdraw_case(billing, case=made.case).withdrawn is not None
