"""Customers who leave: the final bill on demand, the deposit in it, the address it goes to, and what is left over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from meterbook.notices.bill.gather import bill_documents
from meterbook.notices.bill.present import present
from meterbook.records.adjustments.on_bills import since_last_bill
from meterbook.records.billing.kinds.operations.final_bills import NothingEnded, final_bills
from meterbook.records.billing.kinds.operations.plan_off_cycle import WrongDates, plan_off_cycle
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.billing.operations.plan_run import AlreadyPlanned
from meterbook.records.billing.operations.post_run import NotApproved, post_run
from meterbook.records.billing.queries import holds_of
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.close_account import StillServed, close_account
from meterbook.records.customers.operations.move_out import move_out
from meterbook.records.ledger.check import check_laws
from meterbook.records.ledger.deposits.operations.apply_deposit import apply_deposit
from meterbook.records.ledger.deposits.operations.record_deposit import record_deposit
from meterbook.records.ledger.settle import balance_of
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.reports.closed_credits import REPORT
from meterbook.reports.contract import Asked

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[tuple[Any, ...]]]
#: Frank Delaney, a plain house in cycle C1.
FRANK = "1000041"


def lawful() -> None:
    assert [(law.name, law.offences) for law in check_laws() if not law.holds] == []


def leave(office: Any, ends: date, **kwargs: Any) -> None:
    agreement = ServiceAgreement.objects.filter(account__number=FRANK).first()
    assert agreement is not None
    move_out(
        office.act("csr"), account=office.account(FRANK), premise=agreement.service_point.premise, ends=ends, **kwargs
    )


@pytest.fixture
def gone(office: Any) -> Any:
    """Frank left on the day his meters were read for November; the office is at that day, no run is planned."""
    office.read("C1", 3)
    day = office.read_day("C1", 3)
    office.advance(max(office.today, office.bill_day("C1", 3)))
    leave(office, day, forwarding=["9 Quay St", "Port Alden, OR 97000"])
    return office


def decide(office: Any, run: BillRun) -> BillRun:
    assert run.approval is not None
    decide_approval(office.act("supervisor"), request=run.approval, approve=True)
    return post_run(office.act("billing"), run=run)


class TestTheFinalBill:
    """Frank moves out mid-cycle and gets his final bill with his deposit."""

    def test_one_step_bills_it_to_the_last_day_and_asks_a_second_person(self, gone: Any) -> None:
        run = final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])
        assert (run.status, run.kind, run.number) == ("calculated", "off_cycle", f"{gone.today}/X1")
        assert run.approval is not None and run.approval.status == "pending"
        bill = run.bills.get()
        assert (bill.kind, bill.ends) == ("final", gone.read_day("C1", 3))
        assert bill.number == f"{FRANK}-{gone.today:%Y%m%d}A"
        assert bill.due_date - bill.bill_date >= timedelta(days=14) and bill.due_date < gone.today + timedelta(days=21)
        posted = decide(gone, run)
        assert posted.totals["completeness"] == {"points": 5, "billed": 5, "held": 0, "not_due": 0, "inactive": 0}
        lawful()

    def test_the_deposit_stands_in_the_balance_and_what_is_left_is_a_credit(self, gone: Any, rows: Rows) -> None:
        account = gone.account(FRANK)
        record_deposit(gone.act("cashier"), account=account, amount_cents=90_000)
        before = sum(balance_of(account.pk).values())
        run = final_bills(gone.act("billing"), accounts=[account])
        bill = run.bills.get()
        assert bill.deposits_cents == -90_000
        assert bill.amount_due_cents == before + bill.current_cents - 90_000 < 0
        told = [one.amount_cents for one in since_last_bill([bill])[bill.pk]]
        assert sum(told) == bill.adjustments_cents and told.count(-90_000) == 1
        assert sum(balance_of(account.pk).values()) == before, "nothing moves before the run posts"
        lawful()
        decide(gone, run)
        assert sum(balance_of(account.pk).values()) == bill.amount_due_cents
        assert rows("SELECT kind, amount_cents, bill FROM ledger_deposituse") == [("applied", 90_000, bill.number)]
        lawful()

    def test_a_deposit_used_after_the_calculation_stops_the_posting(self, gone: Any) -> None:
        """The bill that was approved shows a deposit that is no longer held."""
        deposit = record_deposit(gone.act("cashier"), account=gone.account(FRANK), amount_cents=500)
        run = final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])
        owed = sum(balance_of(deposit.account_id).values())
        assert owed >= 500, "else it could not be applied alone"
        apply_deposit(gone.act("billing"), deposit=deposit)
        with pytest.raises(NotApproved, match="shows deposits of 500 cents, 0 are held now"):
            decide(gone, run)

    def test_his_cycle_has_nothing_left_to_bill_him_for(self, gone: Any) -> None:
        decide(gone, final_bills(gone.act("billing"), accounts=[gone.account(FRANK)]))
        posted = gone.post(gone.calculate(gone.plan("C1", 3)))
        assert not posted.bills.filter(account__number=FRANK).exists()
        lawful()

    def test_his_cycle_waits_for_a_final_that_is_not_posted(self, gone: Any) -> None:
        run = final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])
        cycle = gone.calculate(gone.plan("C1", 3))
        held = [hold for hold in holds_of(cycle) if hold["account"] == FRANK]
        assert {hold["reason"] for hold in held} == {"other_run"} and run.number in held[0]["detail"]
        posted = gone.post(cycle)
        assert posted.totals["completeness"]["held"] == 5
        decide(gone, run)
        lawful()

    def test_no_final_beside_a_bill_that_is_not_posted(self, gone: Any) -> None:
        gone.calculate(gone.plan("C1", 3))
        with pytest.raises(AlreadyPlanned, match=f"account {FRANK} is in run .*/C1, which is calculated"):
            final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])

    def test_in_his_cycle_it_is_a_final_as_well(self, gone: Any) -> None:
        run = gone.calculate(gone.plan("C1", 3))
        bill = run.bills.get(account__number=FRANK)
        assert (bill.kind, bill.number) == ("final", f"{FRANK}-{gone.today:%Y%m%d}")
        assert bill.due_date < run.due_date
        assert set(run.bills.exclude(pk=bill.pk).values_list("kind", flat=True)) == {"cycle"}
        gone.post(run)
        due = {item.due_on for item in account_items(bill)}
        assert due == {bill.due_date}

    def test_of_a_closed_account_it_is_the_closing_bill(self, gone: Any) -> None:
        """Closed before it is billed: the bill that settles it."""
        with pytest.raises(StillServed):
            close_account(gone.act("csr"), account=gone.account("1000066"), closes=gone.today)
        close_account(gone.act("csr"), account=gone.account(FRANK), closes=gone.today)
        assert final_bills(gone.act("billing"), accounts=[gone.account(FRANK)]).bills.get().kind == "closing"

    def test_it_goes_to_the_new_address_and_names_the_deposit(self, gone: Any) -> None:
        record_deposit(gone.act("cashier"), account=gone.account(FRANK), amount_cents=2_500)
        run = final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])
        [document] = bill_documents([run.bills.get().pk], "es")
        assert document.mail_lines == ("9 Quay St", "Port Alden, OR 97000")
        printed = present(document)
        assert printed["heading"] == "Factura final"
        assert ["Depósito aplicado", "\N{MINUS SIGN}$25.00"] in printed["summary"]["before"]

    def test_what_is_left_over_is_named_to_be_paid_back(self, gone: Any) -> None:
        record_deposit(gone.act("cashier"), account=gone.account(FRANK), amount_cents=200_000)
        run = final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])
        bill = run.bills.get()
        assert "we pay it back to the address above" in present(bill_documents([bill.pk], "en")[0])["keep_credit"]
        decide(gone, run)
        [row] = [row for row in REPORT.rows(Asked(gone.today, {})) if row["account"] == FRANK]
        assert (row["credit"], row["deposit"]) == (-bill.amount_due_cents, 0)

    def test_the_next_bill_does_not_count_the_deposit_again(self, gone: Any) -> None:
        record_deposit(gone.act("cashier"), account=gone.account(FRANK), amount_cents=2_500)
        bill = decide(gone, final_bills(gone.act("billing"), accounts=[gone.account(FRANK)])).bills.get()
        gone.read("C1", 4)
        stated = gone.calculate(gone.plan("C1", 4, statements=True)).bills.get(account=bill.account)
        assert (stated.kind, stated.previous_cents, stated.adjustments_cents) == ("statement", bill.amount_due_cents, 0)

    def test_who_has_not_left_gets_none(self, office: Any) -> None:
        with pytest.raises(NothingEnded, match="no service that ended by"):
            final_bills(office.act("billing"), accounts=[office.account(FRANK)])

    def test_days_nobody_read_are_held(self, office: Any) -> None:
        office.read("C1", 3)
        office.advance(office.bill_day("C1", 3))
        leave(office, office.read_day("C1", 3) - timedelta(days=3))
        run = final_bills(office.act("billing"), accounts=[office.account(FRANK)])
        assert (run.totals["bills"], run.approval) == (0, None)
        assert {hold["reason"] for hold in holds_of(run)} == {"usage_gap", "other_service_held"}


def account_items(bill: Bill) -> list[Any]:
    return list(bill.account.open_items.filter(source_kind="bill", source_id=bill.pk))


def test_bills_between_two_cycles_keep_to_the_named_accounts(office: Any) -> None:
    """The council asks for a house's bill before its cycle comes: an off-cycle bill, not a final one."""
    office.read("C1", 3)
    office.advance(office.bill_day("C1", 3))
    day = office.read_day("C1", 3)
    run = plan_off_cycle(
        office.act("billing"), title="Asked for by the council", accounts=[office.account(FRANK)],
        read_from=day - timedelta(days=7), read_to=office.today, service_to=day, bill_date=office.today,
    )  # fmt: skip
    posted = office.post(office.calculate(run))
    assert [(bill.account.number, bill.kind) for bill in posted.bills.all()] == [(FRANK, "off_cycle")]
    lawful()


def test_bills_between_two_cycles_on_the_first_read_day_leave_the_cycle_nothing_due(office: Any) -> None:
    """Read by radio on the day itself: the council's bill ends on the first day a closing read of the cycle may be."""
    office.read("C1", 3)
    office.advance(office.bill_day("C1", 3))
    day = office.read_day("C1", 3)
    run = plan_off_cycle(
        office.act("billing"), title="Asked for by the council", accounts=[office.account(FRANK)], read_from=day,
        read_to=office.today, service_to=day, bill_date=office.today,
    )  # fmt: skip
    office.post(office.calculate(run))
    cycle = office.plan("C1", 3)
    cycle.read_from = day
    cycle.save()
    posted = office.post(office.calculate(cycle))
    assert posted.totals["completeness"]["not_due"] == 5
    assert not posted.bills.filter(account__number=FRANK).exists()
    lawful()


def test_services_that_end_before_reads_begin_make_no_run(office: Any) -> None:
    office.advance(office.bill_day("C1", 3))
    day = office.read_day("C1", 3)
    with pytest.raises(WrongDates, match="services up to"):
        plan_off_cycle(
            office.act("billing"), title="A slip", accounts=[office.account(FRANK)], read_from=day,
            read_to=office.today, service_to=day - timedelta(days=5), bill_date=office.today,
        )  # fmt: skip


def test_a_landlord_whose_tenant_came_gets_an_ordinary_bill(office: Any) -> None:
    """One of two houses ends on the account, the other goes on: it is neither final nor due as one."""
    office.read("C1", 3)
    run = office.plan("C1", 3)
    landlord = office.account(FRANK)
    others = ServiceAgreement.objects.filter(account__cycle=run.cycle).exclude(account=landlord)
    for agreement in ServiceAgreement.objects.filter(account=others.order_by("pk")[0].account):
        agreement.account, agreement.validity = landlord, (agreement.validity.lower, run.service_to)
        agreement.save()
    bill = office.calculate(run).bills.get(account=landlord)
    assert (bill.kind, bill.due_date) == ("cycle", run.due_date)
