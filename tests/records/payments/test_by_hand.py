"""Money on the books changed by hand, in the office's words: who may alone, what a second person sees, what posts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.db import transaction

from meterbook.engine.ledger.limits import UnknownReason
from meterbook.records.customers.models import Account
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.customers.relations import OwnAccount
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.deposits.operations.apply_deposit import apply_deposit, request_deposit
from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit
from meterbook.records.ledger.models import Allocation, Entry, LedgerAccount, OpenItem
from meterbook.records.ledger.operations.set_order import WrongOrderDays, end_account_order, set_account_order
from meterbook.records.ledger.settle import balance_of
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.operations.ask_change import (
    apply_credit,
    move_by_hand,
    reverse_by_hand,
    transfer_balance,
    transfer_credit,
)
from meterbook.records.payments.by_hand.operations.decide_change import decide_change, withdraw_change
from meterbook.records.payments.by_hand.refusals import MovedOn, NotPossible
from meterbook.records.payments.models import Payment
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, Deed, Event
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval

pytestmark = pytest.mark.django_db
FRANK, ANA = "1000041", "2000016"


def pay(office: Any, account: Account | None, cents: int, **more: Any) -> Payment:
    """Money at the counter, today."""
    deed = Deed.objects.create(
        kind="test.receive", actor=office.staff["cashier"], business_date=office.today, reason="at the counter"
    )
    row = {
        "account_id": account.pk if account else None, "written_account": account.number if account else "?",
        "amount_cents": cents, "received_on": office.today, **more,
    }  # fmt: skip
    frame = pl.DataFrame([row], schema_overrides={"account_id": pl.Int64})
    made = receive(deed, frame, into=account_for("cash"), effective_on=office.today)
    return Payment.objects.get(pk=made["id"][0])


def open_charges(account: Account) -> list[tuple[Any, str, str, int]]:
    """Due date, service, category and what is open of each charge."""
    found = []
    for item in OpenItem.objects.filter(account=account, side="charge").order_by("due_on", "service", "category", "pk"):
        left = item.amount_cents - sum(item.received.values_list("amount_cents", flat=True))
        if left:
            found.append((item.due_on, item.service, item.category, left))
    return found


def owed(account: Account) -> int:
    return sum(balance_of(account.pk).values())


def sound() -> bool:
    broken = [(law.name, law.offences) for law in check_laws() if not law.holds]
    assert not broken, broken
    return True


def owing(office: Any, number: str) -> Account:
    """An account with something open."""
    account: Account = office.account(number)
    if owed(account) <= 0:
        payment = Payment.objects.filter(account=account, reversal__isnull=True).latest("pk")
        reverse_by_hand(office.act("finance"), payment=payment, reason="posted_twice", note="so that something is open")
    assert owed(account) > 0
    return account


def test_a_payment_taken_back_is_as_if_it_had_never_been(office: Any) -> None:
    """What it settled is owed again from its own due date; its newer sister settles what it would have."""
    frank = owing(office, FRANK)
    before, balance = open_charges(frank), owed(frank)
    bounced = pay(office, frank, 3_000)
    pay(office, frank, 1_000)
    kept = Payment.objects.latest("pk")
    made = reverse_by_hand(
        office.act("supervisor"), payment=bounced, reason="wrong_amount", note="typed 30.00 for 3.00"
    )
    assert (made.state, bounced.reversal.kind, made.approval) == ("done", "unposted", None)
    assert owed(frank) == balance - 1_000
    reverse_by_hand(office.act("supervisor"), payment=kept, reason="posted_twice", note="the same check")
    assert open_charges(frank) == before
    assert Event.objects.filter(kind="payments.change_by_hand").count() >= 2
    assert sound()
    with pytest.raises(NotPossible, match="taken back already"), transaction.atomic():
        reverse_by_hand(office.act("supervisor"), payment=kept, reason="posted_twice", note="again")


def test_above_the_limit_a_second_person_sees_exactly_what_posts(office: Any) -> None:
    frank, balance = owing(office, FRANK), owed(office.account(FRANK))
    payment = pay(office, frank, 40_000)
    asked = reverse_by_hand(office.act("billing"), payment=payment, reason="posted_twice", note="two scans")
    assert asked.state == "proposed" and asked.approval is not None and owed(frank) == balance - 40_000
    shown = asked.approval.preview
    assert not Entry.objects.filter(deed=asked.asked_by).exists(), "trying leaves nothing"
    assert "above your own limit of $100.00" in shown["why"]
    with pytest.raises(DecidedElsewhere), transaction.atomic():
        decide_approval(office.act("supervisor"), request=asked.approval, approve=True)
    with pytest.raises(NotPermitted), transaction.atomic():
        decide_change(office.act("billing"), request=asked.approval, approve=True)
    decide_change(office.act("supervisor"), request=asked.approval, approve=True)
    asked.refresh_from_db()
    assert asked.state == "done" and asked.decided_by is not None and owed(frank) == balance
    wrote = Entry.objects.filter(deed=asked.decided_by)
    assert sum(one["cents"] for one in shown["entries"]) == sum(wrote.values_list("amount_cents", flat=True)) > 0
    said = {(one["debit"], one["credit"]) for one in shown["entries"]}
    assert said == {(entry.debit.code, entry.credit.code) for entry in wrote}
    assert sound()


def test_what_was_shown_no_longer_holds(office: Any) -> None:
    """Another payment came in between: the request shows something else than would post, so it is asked again."""
    frank = owing(office, FRANK)
    payment = pay(office, frank, 20_000)
    asked = reverse_by_hand(office.act("billing"), payment=payment, reason="posted_twice", note="two scans")
    pay(office, frank, 2_500)
    with pytest.raises(MovedOn), transaction.atomic():
        decide_change(office.act("supervisor"), request=asked.approval, approve=True)
    assert Approval.objects.get(pk=asked.approval_id).status == Approval.PENDING
    withdraw_change(office.act("billing"), request=asked.approval)
    assert HandChange.objects.get(pk=asked.pk).state == "withdrawn"
    again = reverse_by_hand(office.act("billing"), payment=payment, reason="posted_twice", note="two scans")
    decide_change(office.act("supervisor"), request=again.approval, approve=True)
    assert sound()


def test_nobody_decides_what_they_asked_for_nor_about_their_own_account(office: Any) -> None:
    frank = owing(office, FRANK)
    payment = pay(office, frank, 300_000)
    asked = reverse_by_hand(office.act("supervisor"), payment=payment, reason="posted_twice", note="two scans")
    with pytest.raises(SamePerson), transaction.atomic():
        decide_change(office.act("supervisor"), request=asked.approval, approve=True)
    declare_interest(office.act("finance"), user=office.staff["finance"], account=frank, kind="family")
    with pytest.raises(OwnAccount), transaction.atomic():
        decide_change(office.act("finance"), request=asked.approval, approve=True)
    with pytest.raises(OwnAccount), transaction.atomic():
        reverse_by_hand(office.act("finance"), payment=payment, reason="posted_twice", note="my sister's")
    with pytest.raises(NotPermitted), transaction.atomic():
        reverse_by_hand(office.act("auditor"), payment=payment, reason="posted_twice", note="no")
    with pytest.raises(UnknownReason), transaction.atomic():
        reverse_by_hand(office.act("supervisor"), payment=payment, reason="payer_says", note="not a reason to reverse")


def test_a_misapplied_payment_finds_its_account(office: Any) -> None:
    frank, ana = owing(office, FRANK), owing(office, ANA)
    before, franks, anas = open_charges(frank), owed(frank), owed(ana)
    payment = pay(office, frank, 5_000)
    move_by_hand(
        office.act("supervisor"), payment=payment, source=frank, target=ana, amount_cents=5_000,
        reason="wrong_account", note="two digits changed places",
    )  # fmt: skip
    assert (open_charges(frank), owed(frank), owed(ana)) == (before, franks, anas - 5_000)
    reverse_by_hand(office.act("finance"), payment=payment, reason="not_honored", note="the check bounced after all")
    assert (owed(frank), owed(ana)) == (franks, anas)
    assert sound()


def _sisters(office: Any) -> tuple[Account, Account]:
    """Two accounts of one customer."""
    first, second = owing(office, FRANK), office.account(ANA)
    second.holder = first.holder
    second.save()
    return first, second


def test_a_balance_goes_to_the_new_account_with_its_due_dates(office: Any) -> None:
    old, new = _sisters(office)
    there, charges, together = open_charges(new), open_charges(old), owed(old) + owed(new)
    transfer_balance(office.act("finance"), source=old, target=new, reason="moved_house", note="moved to 12 Elm")
    assert owed(old) == 0 and open_charges(old) == []
    assert owed(new) == together
    if not balance_of(new.pk).get("unapplied"):
        assert sorted(open_charges(new)) == sorted(there + charges), "original due dates, services and categories"
    assert sum(leg_of("transfers")) == 0
    assert sound()


def leg_of(role: str) -> list[int]:
    account = LedgerAccount.objects.get(role=role)
    return [entry.amount_cents if entry.debit_id == account.pk else -entry.amount_cents
            for entry in Entry.objects.filter(debit=account) | Entry.objects.filter(credit=account)]  # fmt: skip


def test_a_credit_goes_to_another_account_of_the_same_customer_only(office: Any) -> None:
    old, new = _sisters(office)
    owes, before = owed(old), owed(new)
    pay(office, old, owes + 4_000)
    stranger = Account.objects.exclude(holder=old.holder).filter(closed_on__isnull=True).first()
    assert stranger is not None
    with pytest.raises(NotPossible, match="one customer"), transaction.atomic():
        transfer_credit(
            office.act("finance"), source=old, target=stranger, amount_cents=1, reason="payer_says", note="no"
        )
    with pytest.raises(NotPossible), transaction.atomic():
        transfer_credit(
            office.act("finance"), source=old, target=new, amount_cents=4_001, reason="payer_says", note="too much"
        )
    transfer_credit(
        office.act("finance"), source=old, target=new, amount_cents=4_000, reason="payer_says", note="asked by phone"
    )
    assert (owed(old), owed(new)) == (0, before - 4_000)
    assert sound()


def test_what_the_payer_points_at_is_paid_first_and_stays_paid(office: Any) -> None:
    """Frank pays his water first; his earlier check bounces; his water stays paid, the refuse is owed again."""
    office.read("C1", 3)
    office.bill("C1", 3)
    frank = office.account(FRANK)
    water = [cents for _, service, _, cents in open_charges(frank) if service == "water"]
    early = pay(office, frank, 500)
    pointed = pay(office, frank, sum(water), for_service="water")
    assert [one for one in open_charges(frank) if one[1] == "water"] == []
    credit = OpenItem.objects.get(source_kind="payment", source_id=pointed.pk)
    assert set(Allocation.objects.filter(credit=credit).values_list("pinned", flat=True)) == {True}
    reverse_by_hand(office.act("finance"), payment=early, reason="not_honored", note="bounced")
    assert [one for one in open_charges(frank) if one[1] == "water"] == []
    newest = OpenItem.objects.filter(account=frank, source_kind="bill").latest("source_id").source_id
    bill = OpenItem.objects.filter(source_kind="bill", source_id=newest, service="refuse", side="charge").get()
    left = bill.amount_cents - sum(bill.received.values_list("amount_cents", flat=True))
    pay(office, frank, left, for_bill_id=newest, for_service="refuse")
    assert sum(bill.received.values_list("amount_cents", flat=True)) == bill.amount_cents
    assert sound()


def test_under_an_arrangement_the_current_bill_comes_first(office: Any) -> None:
    office.read("C1", 3)
    office.bill("C1", 3)
    frank = office.account(FRANK)
    dues = sorted({due for due, *_ in open_charges(frank)})
    assert len(dues) >= 2
    tomorrow = office.today + timedelta(days=1)
    with pytest.raises(WrongOrderDays), transaction.atomic():
        set_account_order(
            office.act("billing"), account=frank, current_from=dues[-1], begins=office.today - timedelta(1)
        )
    rule = set_account_order(office.act("billing"), account=frank, current_from=dues[-1], begins=tomorrow)
    with pytest.raises(WrongOrderDays), transaction.atomic():
        set_account_order(office.act("billing"), account=frank, current_from=dues[0], begins=tomorrow)
    office.advance(tomorrow)
    current = [one for one in open_charges(frank) if one[0] == dues[-1]]
    first = pay(office, frank, 700)
    paid = pay(office, frank, sum(cents for *_, cents in current) - 700)
    assert [one for one in open_charges(frank) if one[0] == dues[-1]] == []
    after = open_charges(frank)
    reverse_by_hand(office.act("finance"), payment=first, reason="not_honored", note="bounced")
    assert sum(cents for due, *_, cents in open_charges(frank) if due == dues[-1]) == 700, "replayed by the rule"
    assert [one for one in open_charges(frank) if one[0] < dues[-1]] == [one for one in after if one[0] < dues[-1]]
    end_account_order(office.act("billing"), rule=rule, ends=tomorrow + timedelta(days=1))
    office.advance(tomorrow + timedelta(days=1))
    pay(office, frank, 100)
    assert (
        sum(cents for due, *_, cents in open_charges(frank) if due < dues[-1])
        == sum(cents for due, *_, cents in after if due < dues[-1]) - 100
    )
    assert paid.pk and sound()


def test_a_credit_is_applied_to_the_charge_somebody_chose(office: Any) -> None:
    office.read("C1", 3)
    office.bill("C1", 3)
    frank = office.account(FRANK)
    payment = pay(office, frank, 300)
    credit = OpenItem.objects.get(source_kind="payment", source_id=payment.pk)
    newest = OpenItem.objects.filter(account=frank, side="charge", service="electricity", category="service").latest(
        "pk"
    )
    before = sum(newest.received.values_list("amount_cents", flat=True))
    apply_credit(
        office.act("supervisor"), credit=credit, charge=newest, amount_cents=300, reason="payer_says", note="by letter"
    )
    assert sum(newest.received.values_list("amount_cents", flat=True)) == before + 300
    with pytest.raises(NotPossible), transaction.atomic():
        apply_credit(
            office.act("supervisor"), credit=credit, charge=newest, amount_cents=1, reason="payer_says", note="more"
        )
    assert sound()


def test_nobody_takes_or_applies_a_deposit_of_their_own_account(office: Any) -> None:
    frank = office.account(FRANK)
    deposit = record_deposit(office.act("csr"), account=frank, amount_cents=5_000)
    declare_interest(office.act("supervisor"), user=office.staff["csr"], account=frank, kind="own")
    for deed in (
        lambda: record_deposit(office.act("csr"), account=frank, amount_cents=5_000),
        lambda: request_deposit(office.act("csr"), deposit=deposit),
        lambda: apply_deposit(office.act("csr"), deposit=deposit),
    ):
        with pytest.raises(OwnAccount), transaction.atomic():
            deed()
    assert sound()
