"""Deposits as the office lives them: instalments that bounce, twelve clean months, letters that run out, interest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.records.billing.kinds.operations.final_bills import final_bills
from meterbook.records.billing.operations.post_run import post_run
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.deposits.interest import accrued
from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit
from meterbook.records.ledger.deposits.queries import deposits
from meterbook.records.ledger.settle import balance_of
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.models import Payment
from meterbook.records.payments.receiving import receive
from meterbook.records.payments.reversing import ToReverse, reverse_payments
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval
from meterbook.records.refunds.models import Payout
from meterbook.records.security.assessing import CannotAssess, Terms, propose
from meterbook.records.security.instruments import expiring
from meterbook.records.security.models import Assessment, InstrumentChange
from meterbook.records.security.operations.assess import assess_deposit, cancel_assessment, request_assessment
from meterbook.records.security.operations.decide import decide_security
from meterbook.records.security.operations.give_back import NotDue, record_credit_event, request_give_back
from meterbook.records.security.operations.instruments import (
    Facts,
    Proof,
    WrongInstrument,
    add_instrument,
    renew_instrument,
    request_draw,
)
from meterbook.records.security.operations.monthly import charge_instalments, credit_interest, remind_issuers
from meterbook.records.security.operations.move import CannotMove, request_move
from meterbook.records.security.register import register
from meterbook.records.security.seconds import NeedsSecond
from meterbook.records.security.standing import security_of, worklist

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
#: Frank Delaney, a plain house in cycle C1.
FRANK = "1000041"


def lawful() -> None:
    assert [(law.name, law.offences) for law in check_laws() if not law.holds] == []


def held(account: Any) -> int:
    return sum(int(one.held_cents) for one in deposits(account.pk))


def owes(account: Any) -> int:
    return sum(balance_of(account.pk).values())


def pay(office: Any, account: Any, cents: int) -> Payment:
    """A check at the counter."""
    deed = Deed.objects.create(kind="test.pay", actor=office.act("cashier").actor, business_date=office.today)
    rows = pl.DataFrame(
        {"account_id": [account.pk], "written_account": [account.number], "amount_cents": [cents],
         "received_on": [office.today]}
    )  # fmt: skip
    taken = receive(deed, rows, into=account_for("cash"), effective_on=office.today)
    return Payment.objects.get(pk=taken["id"][0])


def bounce(office: Any, payment: Payment) -> None:
    deed = Deed.objects.create(kind="test.bounce", actor=office.act("cashier").actor, business_date=office.today)
    reverse_payments(deed, [ToReverse(payment, "R01")], kind="returned", reversed_on=office.today)


def later(office: Any, days: int) -> None:
    """Days go by; the books of the months are open."""
    until = office.today + timedelta(days=days)
    day = office.today.replace(day=1)
    while day <= until:
        after = (day + timedelta(days=32)).replace(day=1)
        AccountingPeriod.objects.get_or_create(code=f"{day:%Y-%m}", defaults={"validity": DateRange(day, after)})
        day = after
    office.advance(until)


@pytest.fixture
def frank(office: Any) -> Any:
    """Frank, who has paid everything he owes."""
    account = office.account(FRANK)
    if owes(account) > 0:
        pay(office, account, owes(account))
    assert owes(account) == 0
    return account


def decide(office: Any, request: Approval) -> Any:
    return decide_security(office.act("supervisor"), request=request, approve=True)


class TestInThreeParts:
    """Frank pays his deposit in three parts, and the second check bounces."""

    @pytest.fixture
    def asked(self, office: Any, frank: Any) -> Assessment:
        return assess_deposit(office.act("csr"), account=frank, terms=Terms(standing="poor", parts=3))

    def test_the_amount_is_that_of_the_rule_on_his_own_bills(self, office: Any, asked: Assessment) -> None:
        found = propose(office.account(FRANK), Terms(standing="poor"), office.today)
        assert asked.computed_cents == asked.year_cents * 2 // 12 // 500 * 500 > 0
        assert found.computed_cents == 0, "it is asked for already"
        assert asked.basis in ("own", "others") and len(asked.working) >= 3

    def test_parts_become_a_deposit_as_they_are_paid_and_stop_being_one(
        self, office: Any, frank: Any, asked: Assessment
    ) -> None:
        first, second, third = asked.instalments.order_by("number")
        assert owes(frank) == first.amount_cents and held(frank) == 0
        pay(office, frank, first.amount_cents)
        assert (owes(frank), held(frank)) == (0, first.amount_cents)
        lawful()
        later(office, 30)
        assert charge_instalments(office.act("billing")) == 1
        assert charge_instalments(office.act("billing")) == 0, "the same day again charges nothing"
        check = pay(office, frank, second.amount_cents)
        assert held(frank) == first.amount_cents + second.amount_cents
        later(office, 4)
        bounce(office, check)
        assert (owes(frank), held(frank)) == (second.amount_cents, first.amount_cents)
        lawful()
        pay(office, frank, second.amount_cents)
        later(office, 30)
        charge_instalments(office.act("billing"))
        pay(office, frank, third.amount_cents)
        assert (owes(frank), held(frank)) == (0, asked.computed_cents)
        lawful()

    def test_no_interest_is_borne_by_what_bounced(self, office: Any, frank: Any, asked: Assessment) -> None:
        first = asked.instalments.get(number=1)
        check = pay(office, frank, first.amount_cents)
        later(office, 60)
        assert accrued(office.today, [frank.pk])["due"].sum() > 0
        bounce(office, check)
        assert accrued(office.today, [frank.pk])["due"].sum() == 0

    def test_a_check_that_bounces_after_the_deposit_was_given_back_is_owed(
        self, office: Any, frank: Any, asked: Assessment
    ) -> None:
        first = asked.instalments.get(number=1)
        check = pay(office, frank, first.amount_cents)
        cancel_assessment(office.act("billing"), assessment=asked)
        request = request_give_back(office.act("csr", "moves abroad"), accounts=[frank], way="account", early=True)
        decide(office, request)
        assert (owes(frank), held(frank)) == (-first.amount_cents, 0)
        bounce(office, check)
        assert (owes(frank), held(frank)) == (0, 0), "he got back what he never paid: his credit is gone"
        lawful()

    def test_asking_no_longer_takes_back_what_is_unpaid_and_keeps_what_is_held(
        self, office: Any, frank: Any, asked: Assessment
    ) -> None:
        pay(office, frank, 1_000)
        cancel_assessment(office.act("billing"), assessment=asked)
        assert (owes(frank), held(frank)) == (0, 1_000)
        later(office, 40)
        assert charge_instalments(office.act("billing")) == 0
        lawful()
        with pytest.raises(CannotAssess, match="not asked for any more"):
            cancel_assessment(office.act("billing"), assessment=asked)


class TestWaiving:
    """What is waived for what, and who must agree."""

    def test_a_letter_of_the_utility_before_stands_for_it(self, office: Any, frank: Any) -> None:
        terms = Terms(waiver="letter")
        with pytest.raises(CannotAssess, match="record an instrument first"):
            assess_deposit(office.act("csr"), account=frank, terms=terms)
        proof = Proof("letter.pdf", "application/pdf", b"%PDF-1.7 they always paid")
        facts = Facts("good_payer_letter", "City of Halsey", 0, office.today, office.today + timedelta(days=365))
        letter = add_instrument(office.act("csr"), account=frank, facts=facts, proofs=[proof])
        found = assess_deposit(office.act("supervisor"), account=frank, terms=terms)
        assert (found.asked_cents, found.instrument) == (0, letter) and not found.instalments.exists()

    def test_above_the_limit_a_second_person_agrees_to_exactly_that(self, office: Any, frank: Any) -> None:
        terms = Terms(standing="poor", waiver="low_income", year_cents=600_000)
        with pytest.raises(NeedsSecond):
            assess_deposit(office.act("csr"), account=frank, terms=terms)
        request = request_assessment(office.act("csr"), account=frank, terms=terms)
        with pytest.raises(DecidedElsewhere):
            decide_approval(office.act("supervisor"), request=request, approve=True)
        with pytest.raises((SamePerson, NotPermitted)):
            decide_security(office.act("csr"), request=request, approve=True)
        made = decide(office, request)
        assert (made.computed_cents, made.asked_cents, made.approval) == (100_000, 0, request)
        assert owes(frank) <= 0


class TestTwelveCleanMonths:
    """A deposit goes back after twelve clean months, with its interest."""

    @pytest.fixture
    def year_later(self, office: Any, frank: Any) -> Any:
        record_deposit(office.act("cashier"), account=frank, amount_cents=24_000)
        later(office, 366)
        return frank

    def test_before_the_months_are_over_it_stays(self, office: Any, frank: Any) -> None:
        record_deposit(office.act("cashier"), account=frank, amount_cents=24_000)
        [found] = worklist(office.today, [frank.pk])
        assert not found.judged.due
        with pytest.raises(NotDue, match="held 0 months, 12 asked for"):
            request_give_back(office.act("csr"), accounts=[frank], way="account")

    def test_after_them_two_people_give_it_back_with_interest(self, office: Any, year_later: Any, rows: Rows) -> None:
        [found] = worklist(office.today, [year_later.pk])
        assert found.judged.due and found.interest_cents > 0
        request = request_give_back(office.act("csr"), accounts=[year_later], way="account")
        assert request.amount_cents == 24_000 + found.interest_cents
        [given] = decide(office, request)
        assert owes(year_later) == -given.cents == -(24_000 + found.interest_cents)
        assert rows("SELECT kind, amount_cents FROM ledger_deposituse") == [("refunded", 24_000)]
        assert worklist(office.today, [year_later.pk]) == []
        lawful()

    def test_by_check_it_waits_as_a_payout(self, office: Any, year_later: Any) -> None:
        request = request_give_back(office.act("csr"), accounts=[year_later], way="check")
        [given] = decide(office, request)
        assert owes(year_later) == 0 and given.paid_out_cents == given.cents
        assert Payout.objects.get().amount_cents == given.cents
        lawful()

    def test_a_cutoff_spoils_it(self, office: Any, year_later: Any) -> None:
        record_credit_event(office.act("csr"), account=year_later, kind="cutoff")
        [found] = worklist(office.today, [year_later.pk])
        unmet = [step.words(str) for met, step in found.judged.reasons if not met]
        assert unmet == ["1 cutoffs for nonpayment, 0 allowed"]

    def test_a_returned_payment_spoils_it(self, office: Any, year_later: Any) -> None:
        bounce(office, pay(office, year_later, 5_000))
        [found] = worklist(office.today, [year_later.pk])
        assert [step.words(str) for met, step in found.judged.reasons if not met] == ["1 returned payments, 0 allowed"]


class TestInterest:
    """Interest over a rate change and a leap year: given in January, once."""

    def test_to_new_years_day_and_again_gives_nothing(self, office: Any, frank: Any) -> None:
        got = record_deposit(office.act("cashier"), account=frank, amount_cents=24_000)
        later(office, (date(2025, 1, 20) - office.today).days)
        days = (date(2025, 1, 1) - got.received_on).days
        expected = round(24_000 * 0.048 * days / 366)
        act = office.act("billing")
        assert credit_interest(act, accounts=[frank], upto=date(2025, 1, 1)) == expected > 0
        assert credit_interest(act, accounts=[frank], upto=date(2025, 1, 1)) == 0
        assert owes(frank) == -expected and held(frank) == 24_000
        [new_year] = accrued(date(2025, 1, 20), [frank.pk])["due"].to_list()
        assert new_year == pytest.approx(24_000 * 0.0435 * 19 / 365, abs=1)
        lawful()

    def test_it_moves_with_the_customer_and_leaves_the_interest_behind(self, office: Any, frank: Any) -> None:
        other = Account.objects.filter(closed_on=None).exclude(holder=frank.holder).order_by("number")[0]
        record_deposit(office.act("cashier"), account=frank, amount_cents=24_000)
        with pytest.raises(CannotMove, match="same person"):
            request_move(office.act("csr"), account=frank, to=other)
        other.holder = frank.holder
        other.save()
        later(office, 30)
        grown = accrued(office.today, [frank.pk])["due"].sum()
        before = held(other)
        decide(office, request_move(office.act("csr"), account=frank, to=other))
        assert (held(frank), held(other)) == (0, before + 24_000)
        assert owes(frank) == -grown < 0
        [row] = [one for one in register(office.today, office.today) if one.account == frank.number]
        assert (row.opening_cents, row.moved_out_cents, row.closing_cents) == (24_000, 24_000, 0)
        lawful()

    def test_the_register_closes_with_the_liability(self, office: Any, frank: Any, rows: Rows) -> None:
        record_deposit(office.act("cashier"), account=frank, amount_cents=7_500)
        later(office, 10)
        found = register(office.today - timedelta(days=30), office.today)
        [(books,)] = rows(
            "SELECT -sum(l.cents) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id"
            " WHERE a.role = 'deposits'"
        )
        assert sum(one.closing_cents for one in found) == books
        for one in found:
            assert one.closing_cents == one.opening_cents + one.received_cents + one.interest_cents + (
                one.moved_in_cents - one.applied_cents - one.refunded_cents - one.moved_out_cents - one.returned_cents
            )


class TestTheLetterOfCredit:
    """The letter of credit runs out in May."""

    @pytest.fixture
    def letter(self, office: Any, frank: Any) -> Any:
        facts = Facts("letter_of_credit", "Bend Community Bank", 50_000, office.today, date(2025, 5, 15), "LC-88")
        return add_instrument(office.act("csr"), account=frank, facts=facts)

    def test_its_bank_is_reminded_twice_and_once_each(self, office: Any, letter: Any) -> None:
        assert remind_issuers(office.act("billing")) == []
        later(office, (date(2025, 3, 20) - office.today).days)
        assert [one.days for one in remind_issuers(office.act("billing"))] == [60]
        assert remind_issuers(office.act("billing")) == []
        assert [one.pk for one in expiring(office.today, date(2025, 5, 16))] == [letter.pk]
        later(office, (date(2025, 4, 20) - office.today).days)
        assert [one.days for one in remind_issuers(office.act("billing"))] == [30]

    def test_renewed_it_is_no_longer_on_the_list(self, office: Any, letter: Any) -> None:
        with pytest.raises(WrongInstrument, match="ends later"):
            renew_instrument(office.act("csr"), instrument=letter, ends=date(2025, 5, 1))
        renew_instrument(office.act("csr"), instrument=letter, ends=date(2026, 5, 15))
        assert not expiring(office.today, date(2025, 6, 1)).exists()
        assert InstrumentChange.objects.get().kind == "renewed"

    def test_two_people_draw_what_is_owed_and_no_more(self, office: Any, frank: Any, letter: Any) -> None:
        with pytest.raises(WrongInstrument, match="can be drawn"):
            request_draw(office.act("billing"), instrument=letter, amount_cents=1_000)
        assess_deposit(office.act("csr"), account=frank, terms=Terms(standing="poor"))
        request = request_draw(office.act("billing"), instrument=letter, amount_cents=1_000)
        made = decide(office, request)
        assert made.amount_cents == 1_000

    def test_after_a_petition_only_money_or_a_bank_counts(self, office: Any, frank: Any) -> None:
        facts = Facts(
            "surety_bond", "Mountain Surety", 30_000, office.today, None, petition_on=office.today, chapter=11
        )
        assert add_instrument(office.act("csr"), account=frank, facts=facts).chapter == 11
        wrong = Facts("good_payer_letter", "City of Halsey", 0, office.today, None, petition_on=office.today)
        with pytest.raises(WrongInstrument, match="within 20 days"):
            add_instrument(office.act("csr"), account=frank, facts=wrong)


def test_what_stands_for_an_account(office: Any, frank: Any) -> None:
    assess_deposit(office.act("csr"), account=frank, terms=Terms(standing="poor", parts=3))
    found = security_of([frank.pk])[frank.pk]
    parts = [one.amount_cents for one in Assessment.objects.get().instalments.order_by("number")]
    assert (found.held_cents, found.unpaid_cents, found.to_come_cents) == (0, parts[0], parts[1] + parts[2])


def test_the_final_bill_takes_the_deposit_with_its_interest_and_drops_what_is_unpaid(
    office: Any, frank: Any, rows: Rows
) -> None:
    """Frank paid one of three parts and moves out: nothing more is asked for, all of it comes back."""
    asked = assess_deposit(office.act("csr"), account=frank, terms=Terms(standing="poor", parts=3))
    first, second, _ = asked.instalments.order_by("number")
    pay(office, frank, first.amount_cents)
    office.read("C1", 3)
    ends = office.read_day("C1", 3)
    later(office, max(31, (max(ends, office.bill_day("C1", 3)) - office.today).days))
    charge_instalments(office.act("billing"))
    agreement = frank.agreements.first()
    move_out(office.act("csr"), account=frank, premise=agreement.service_point.premise, ends=ends)
    run = final_bills(office.act("billing"), accounts=[frank])
    bill = run.bills.get()
    grown = accrued(run.bill_date, [frank.pk])["due"].sum()
    assert grown > 0
    assert bill.deposits_cents == -(first.amount_cents + second.amount_cents + grown)
    assert run.approval is not None
    decide_approval(office.act("supervisor"), request=run.approval, approve=True)
    post_run(office.act("billing"), run=run)
    assert (owes(frank), held(frank)) == (bill.amount_due_cents, 0)
    assert rows("SELECT bill, amount_cents FROM ledger_depositinterest") == [(bill.number, grown)]
    lawful()
    later(office, 40)
    assert charge_instalments(office.act("billing")) == 0, "nobody is charged for a deposit after leaving"
    assert security_of([frank.pk])[frank.pk].unpaid_cents == 0
