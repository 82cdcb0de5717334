"""Level payment in the office's words: a year at $180, its twelfth month, reviews, late payers, leaving."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.records.programs.sunny import Lane, first_of

from meterbook.formats.lockbox import Check, LockboxDeposit, write
from meterbook.records.billing.kinds.operations.final_bills import final_bills
from meterbook.records.billing.models import Bill
from meterbook.records.billing.operations.post_run import post_run
from meterbook.records.billing.program_entries import asked_of
from meterbook.records.billing.queries import owed
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.ledger.screens import balances
from meterbook.records.payments.operations.post_payments import post_payments
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.programs.level_pay.operations.end import remove_level_pay, settle_level_pay
from meterbook.records.programs.level_pay.operations.enrol import enrol_level_pay
from meterbook.records.programs.level_pay.operations.review import review_level_pay, token_of
from meterbook.records.programs.level_pay.queries import candidates, removals_due, reviews, settling
from meterbook.records.programs.level_pay.refusals import LevelPayRefused
from meterbook.records.programs.level_pay.standing import deferred_cents, standing_of
from meterbook.records.programs.models import LevelPayAmount, LevelPayMonth, LevelPayPlan

pytestmark = pytest.mark.django_db
#: A year of dollars that makes 1,980: a hot summer, a mild winter.
YEAR = [110, 120, 180, 250, 270, 230, 160, 130, 140, 150, 130, 110]


def lived(lane: Lane, months: list[int], number: str = "40") -> ServiceAgreement:
    """A home billed for some months from the beginning; nobody pays anything."""
    home = lane.home(number, "LEVEL", exports=False)
    for month, dollars in enumerate(months):
        lane.used(home, month, dollars)
        lane.bill(month)
    return home


def paid_up(lane: Lane, account: Account) -> None:
    """The account pays what it owes: the standing of these stories is about something else."""
    pay(lane, account, balances([account.pk])[account.pk])


def pay(lane: Lane, account: Account, cents: int) -> None:
    """A check of the mail, deposited today."""
    deposit = LockboxDeposit(
        destination="ALDERBEND", origin="0099999991", lockbox="4400", deposit_on=lane.today,
        processed_at=datetime.combine(lane.today, time(12)),
        checks=[Check(account.number, cents, reference=str(cents % 9999))],
    )  # fmt: skip
    name = f"lockbox-{lane.today}-{account.number}-{cents}.txt"
    post_payments(lane.act("cashier"), format="lockbox", file_name=name, content=write(deposit))


@pytest.fixture(scope="module")
def after_a_year(built_lane: Lane) -> tuple[Lane, ServiceAgreement]:
    """The lane after a home's year of 1,980 dollars, all paid."""
    lane = deepcopy(built_lane)
    home = lived(lane, YEAR)
    paid_up(lane, home.account)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_revenue, run_charges, run_points")
    return lane, home


@pytest.fixture
def lane(after_a_year: tuple[Lane, ServiceAgreement], db: None) -> Iterator[Lane]:
    """The lane, for a story that changes it."""
    yield deepcopy(after_a_year[0])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_revenue, run_charges, run_points")


@pytest.fixture
def year(after_a_year: tuple[Lane, ServiceAgreement], lane: Lane) -> ServiceAgreement:
    """The home after its year."""
    return after_a_year[1]


def test_1980_over_eleven_is_180_and_month_twelve_is_the_cost_less_what_was_paid(
    lane: Lane, year: ServiceAgreement
) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    assert plan.amounts.get().amount_cents == 18_000
    second = [150, 160, 200, 260, 280, 210, 150, 120, 150, 170, 140, 155]
    for month, dollars in enumerate(second, start=12):
        if month == 23:
            assert settling([year.account_id], lane.today) == [year.account_id]
        lane.used(year, month, dollars)
        run = lane.bill(month)
        bill = lane.bill_of(year, run)
        asked = LevelPayMonth.objects.get(bill_id=bill.pk)
        assert bill.current_cents == asked.actual_cents == dollars * 100, "the true charges stay on the bill"
        assert bill.amount_due_cents == asked.due_cents
        assert owed(run)[0]["amount_due_cents"] == asked.pay_cents == asked_of([bill])[bill.pk]
        pay(lane, year.account, asked.pay_cents)
    months = list(LevelPayMonth.objects.filter(plan=plan).order_by("number"))
    assert [each.asked_cents for each in months[:11]] == [18_000] * 11
    assert months[11].asked_cents == sum(second) * 100 - 11 * 18_000 == 16_500
    assert (months[11].settles, months[11].difference_cents) == (True, 0)
    assert sum(each.asked_cents for each in months) == sum(each.actual_cents for each in months)
    assert [each.pay_cents for each in months] == [18_000] * 11 + [16_500]


def test_what_was_not_paid_of_the_asked_amount_is_asked_again(lane: Lane, year: ServiceAgreement) -> None:
    enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    lane.used(year, 12, 300)
    lane.bill(12)
    pay(lane, year.account, 10_000)
    lane.used(year, 13, 50)
    bill = lane.bill_of(year, lane.bill(13))
    assert asked_of([bill])[bill.pk] == 8_000 + 18_000
    assert bill.amount_due_cents == 35_000 - 10_000
    assert deferred_cents([year.account_id]) == {year.account_id: 35_000 - 36_000}


def test_an_unposted_run_shows_what_it_would_ask(lane: Lane, year: ServiceAgreement) -> None:
    enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    lane.used(year, 12, 300)
    run = lane.calculate(12)
    assert owed(run)[0]["amount_due_cents"] == 18_000
    assert not LevelPayMonth.objects.exists()


def test_the_rules_refuse_short_histories_arrears_and_whoever_has_no_part_in_it(lane: Lane) -> None:
    home = lane.home("41", "LEVEL", exports=False)
    lane.used(home, 12, 90)
    lane.bill(12)
    lane.go_to(first_of(14))
    with pytest.raises(LevelPayRefused) as refused:
        enrol_level_pay(lane.act("csr"), account=home.account, formula="eleven")
    said = [step.words(str) for step in refused.value.reasons]
    assert said[0] == "Months billed in the last twelve: 1; the rules ask for 12."
    assert "are past due" in said[1]
    with pytest.raises(NotPermitted):
        enrol_level_pay(lane.act("cashier"), account=home.account, formula="eleven")
    assert home.account.number not in {one.number for one in candidates("eleven", lane.today)}
    assert len(candidates("eleven", lane.today, all_of_them=True)) == Account.objects.count()


def test_a_review_in_month_six_changes_at_fifteen_percent_and_only_what_was_shown(
    lane: Lane, year: ServiceAgreement
) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    for month, dollars in enumerate([400, 400, 400, 400, 400], start=12):
        lane.used(year, month, dollars)
        lane.bill(month)
    assert reviews(lane.today) == []
    lane.used(year, 17, 400)
    lane.bill(17)
    (row,) = reviews(lane.today)
    total = sum(YEAR[6:]) * 100 + 6 * 40_000
    assert (row.before_cents, row.basis_cents, row.changes) == (18_000, total, True)
    assert row.after_cents == round(total / 11)
    with pytest.raises(LevelPayRefused, match="changed since"):
        review_level_pay(lane.act(), token="something else")
    assert review_level_pay(lane.act(), token=token_of([row])) == 1
    assert reviews(lane.today) == []
    assert plan.amounts.order_by("after_month").last().amount_cents == row.after_cents  # type: ignore[union-attr]
    lane.used(year, 18, 100)
    bill = lane.bill_of(year, lane.bill(18))
    assert LevelPayMonth.objects.get(bill_id=bill.pk).asked_cents == row.after_cents


def test_a_review_below_fifteen_percent_keeps_the_amount_and_says_it_looked(lane: Lane, year: ServiceAgreement) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    for month, dollars in enumerate(YEAR[:6], start=12):
        lane.used(year, month, dollars + 10)
        lane.bill(month)
    assert review_level_pay(lane.act()) == 0
    kept = LevelPayAmount.objects.filter(plan=plan).order_by("after_month")
    assert [(each.amount_cents, each.changed) for each in kept] == [(18_000, True), (18_000, False)]


def test_a_late_payer_is_removed_owes_everything_and_waits_six_months(lane: Lane, year: ServiceAgreement) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    for month in (12, 13, 14):
        lane.used(year, month, 200)
        lane.bill(month)
    (row,) = removals_due(lane.today)
    assert row.difference_cents == 60_000 - 54_000
    stands = standing_of(year.account_id, lane.today)
    assert stands.past_due_cents <= 54_000, "what the plan defers is never late"
    remove_level_pay(lane.act(), plan=plan, why="late")
    lane.used(year, 15, 10)
    bill = lane.bill_of(year, lane.bill(15))
    assert asked_of([bill])[bill.pk] == bill.amount_due_cents == 61_000
    paid_up(lane, year.account)
    with pytest.raises(LevelPayRefused, match="it may enrol again after 6"):
        enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    with pytest.raises(LevelPayRefused, match="ended already"):
        settle_level_pay(lane.act("csr"), plan=plan)


def test_who_pays_what_is_asked_is_never_late_when_the_difference_falls(lane: Lane, year: ServiceAgreement) -> None:
    """A hot summer was deferred; the next, mild bill asks back a part of it, and nobody owes that before its day."""
    enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    for month, dollars in ((12, 400), (13, 300), (14, 60)):
        lane.used(year, month, dollars)
        run = lane.bill(month)
        if month < 14:
            pay(lane, year.account, asked_of([lane.bill_of(year, run)])[lane.bill_of(year, run).pk])
    lane.go_to(lane.today + timedelta(days=3))
    stands = standing_of(year.account_id, lane.today)
    assert (stands.past_due_cents, stands.days_past_due) == (0, 0)
    assert removals_due(lane.today) == []


def test_a_new_bills_difference_hides_no_arrears(lane: Lane, year: ServiceAgreement) -> None:
    """Nothing was paid of the first bill; the second defers more than that, and the first is late all the same."""
    enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    for month, dollars in ((12, 150), (13, 600)):
        lane.used(year, month, dollars)
        lane.bill(month)
    lane.go_to(lane.today + timedelta(days=3))
    stands = standing_of(year.account_id, lane.today)
    assert stands.past_due_cents == 15_000
    assert 0 < stands.days_past_due < 31


def test_a_rolling_average_asks_a_twelfth_of_the_year_and_of_what_gathered(lane: Lane, year: ServiceAgreement) -> None:
    enrol_level_pay(lane.act("csr"), account=year.account, formula="rolling")
    lane.used(year, 12, 350)
    first = LevelPayMonth.objects.get(bill_id=lane.bill_of(year, lane.bill(12)).pk)
    assert first.asked_cents == round((sum(YEAR[1:]) + 350) * 100 / 12)
    lane.used(year, 13, 100)
    second = LevelPayMonth.objects.get(bill_id=lane.bill_of(year, lane.bill(13)).pk)
    assert second.asked_cents == round(((sum(YEAR[2:]) + 450) * 100 + first.difference_cents) / 12)


def test_a_plan_that_ends_early_is_settled_by_the_next_bill(lane: Lane, year: ServiceAgreement) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="twelfth")
    assert plan.amounts.get().amount_cents == 17_325
    lane.used(year, 12, 300)
    lane.bill(12)
    assert settle_level_pay(lane.act("csr"), plan=plan).state == LevelPayPlan.SETTLED
    lane.used(year, 13, 50)
    bill = lane.bill_of(year, lane.bill(13))
    assert asked_of([bill])[bill.pk] == bill.amount_due_cents == 35_000


def test_the_final_bill_of_one_of_two_houses_settles_no_plan(lane: Lane, year: ServiceAgreement) -> None:
    plan = enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    other = lane.home("41", "LEVEL", exports=False)
    other.account = year.account
    other.save()
    lane.used(year, 12, 300)
    lane.go_to(first_of(13).replace(day=5))
    year.validity = (year.validity.lower, first_of(13))
    year.save()
    run = final_bills(lane.act(), accounts=[year.account])
    assert run.approval is not None and run.bills.get().kind == "final"
    decide_approval(lane.act("supervisor"), request=run.approval, approve=True)
    post_run(lane.act(), run=run)
    plan.refresh_from_db()
    assert plan.state == LevelPayPlan.ACTIVE
    month = LevelPayMonth.objects.get(bill_id=run.bills.get().pk)
    assert (month.number, month.asked_cents, month.difference_cents) == (None, 0, 30_000)


def test_the_books_and_posted_months_cannot_be_edited(lane: Lane, year: ServiceAgreement) -> None:
    enrol_level_pay(lane.act("csr"), account=year.account, formula="eleven")
    lane.used(year, 12, 300)
    bill = lane.bill_of(year, lane.bill(12))
    with pytest.raises(DatabaseError), transaction.atomic():
        LevelPayMonth.objects.filter(bill_id=bill.pk).update(asked_cents=1)
    assert Bill.objects.get(pk=bill.pk).amount_due_cents == bill.amount_due_cents
