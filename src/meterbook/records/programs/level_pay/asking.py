"""What a plan asks for on a bill: worked out before posting for whoever wants to see it, and written when it posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from meterbook.engine.programs.level_pay import Formula, Month, Said, asked, pay
from meterbook.engine.trace import Step
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.programs.level_pay.rules import rules_on
from meterbook.records.programs.level_pay.standing import billed, months_before
from meterbook.records.programs.models import LevelPayAmount, LevelPayMonth, LevelPayPlan

YEAR = 12


@dataclass(frozen=True, slots=True)
class PlanBill:
    """A bill as level payment sees it, in cents. ``monthly`` bills ask for a level amount; the others only move the
    difference. The ``last`` bill of an account settles the plan."""

    bill_id: int
    account_id: int
    bill_date: date
    current_cents: int
    due_cents: int
    monthly: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bill asks of a plan. ``number`` is the plan month, counted on and on; ``month`` that of the plan year."""

    plan_id: int
    number: int | None
    settles: bool
    actual_cents: int
    asked_cents: int
    before_cents: int
    difference_cents: int
    due_cents: int
    pay_cents: int
    steps: tuple[Step, ...] = ()

    @property
    def month(self) -> int | None:
        """The month of the plan year, 1 to 12."""
        return None if self.number is None else month_of_year(self.number)


def month_of_year(number: int) -> int:
    """The month of a plan's year that its n-th month is.

    >>> month_of_year(12), month_of_year(13)
    (12, 1)
    """
    return (number - 1) % YEAR + 1


@dataclass
class Progress:
    """How far a plan is: its newest amount, months billed, and the sums of its year and of all its bills."""

    plan: LevelPayPlan
    amount: LevelPayAmount
    number: int = 0
    year_actual: int = 0
    year_asked: int = 0
    difference: int = 0
    months: list[LevelPayMonth] = field(default_factory=list)

    @property
    def next_number(self) -> int:
        """The plan month the next monthly bill is."""
        return self.number + 1


def progress(plans: Sequence[LevelPayPlan]) -> dict[int, Progress]:
    """How far each plan is, by plan id."""
    ids = [plan.pk for plan in plans]
    amounts = LevelPayAmount.objects.filter(plan_id__in=ids).order_by("plan_id", "-after_month").distinct("plan_id")
    newest = {amount.plan_id: amount for amount in amounts}
    found = {plan.pk: Progress(plan, newest[plan.pk]) for plan in plans}
    for month in LevelPayMonth.objects.filter(plan_id__in=ids).order_by("pk"):
        at = found[month.plan_id]
        if month.number is not None:
            at.number = month.number
            if month_of_year(month.number) == 1:
                at.year_actual = at.year_asked = 0
        at.year_actual += month.actual_cents
        at.year_asked += month.asked_cents
        at.difference = month.difference_cents
        at.months.append(month)
    return found


def expected(bills: Sequence[PlanBill]) -> dict[int, Asked]:
    """What each of these bills asks for, by bill id; bills of accounts without an active plan are left out.

    Several bills of one account follow one another in the order given.
    """
    plans = {
        plan.account_id: plan
        for plan in LevelPayPlan.objects.filter(
            account_id__in={bill.account_id for bill in bills}, state=LevelPayPlan.ACTIVE
        )
    }
    at = progress(list(plans.values()))
    found: dict[int, Asked] = {}
    mine = [bill for bill in bills if bill.account_id in plans and bill.bill_date >= plans[bill.account_id].starts]
    eleven = _eleven(mine)
    for bill in mine:
        stand = at[plans[bill.account_id].pk]
        rules = rules_on(bill.bill_date)
        found[bill.bill_id] = made = _asked(rules.formula(stand.plan.formula), stand, bill, eleven[bill.bill_id])
        stand.difference = made.difference_cents
        if made.number is not None:
            begins = month_of_year(made.number) == 1
            stand.number = made.number
            stand.year_actual = (0 if begins else stand.year_actual) + made.actual_cents
            stand.year_asked = (0 if begins else stand.year_asked) + made.asked_cents
    return found


def _asked(formula: Formula, at: Progress, bill: PlanBill, eleven: int) -> Asked:
    number = at.next_number if bill.monthly or bill.last else None
    said = Said(0, False, ())
    if number is not None:
        month = month_of_year(number)
        fresh = month == 1
        known = Month(
            month, at.amount.basis_cents, bill.current_cents, basis_months=at.amount.basis_months, eleven=eleven,
            actual=0 if fresh else at.year_actual, asked=0 if fresh else at.year_asked, difference=at.difference,
        )  # fmt: skip
        said = asked(formula, known, ends=bill.last)
    after = at.difference + bill.current_cents - said.cents
    return Asked(
        at.plan.pk, number, said.settles, bill.current_cents, said.cents, at.difference, after, bill.due_cents,
        pay(bill.due_cents, after), said.steps,
    )  # fmt: skip


def _eleven(bills: Sequence[PlanBill]) -> dict[int, int]:
    """Charges of the eleven bills before each, in cents."""
    found: dict[int, int] = {}
    by_date: dict[date, list[PlanBill]] = {}
    for bill in bills:
        by_date.setdefault(bill.bill_date, []).append(bill)
    for on, some in by_date.items():
        before = billed([bill.account_id for bill in some], after=months_before(on, YEAR), upto=on - timedelta(days=1))
        found |= {bill.bill_id: sum(cents for _, cents in before[bill.account_id][-11:]) for bill in some}
    return found


def post_months(bills: Sequence[PlanBill], deed: Deed) -> int:
    """Write what the posted bills of plans ask for, in the posting transaction; returns how many plans were asked.

    A plan whose account gets its last bill is settled by it.
    """
    accounts = {bill.account_id for bill in bills}
    locked = LevelPayPlan.objects.select_for_update().filter(account_id__in=accounts, state=LevelPayPlan.ACTIVE)
    plans = {plan.pk: plan for plan in locked.order_by("pk")}
    if not plans:
        return 0
    said = expected(bills)
    by_id: Mapping[int, PlanBill] = {bill.bill_id: bill for bill in bills}
    LevelPayMonth.objects.bulk_create(_row(one, bill_id, by_id[bill_id], deed) for bill_id, one in said.items())
    for bill_id, one in said.items():
        if by_id[bill_id].last:
            _settled(plans[one.plan_id], by_id[bill_id], deed)
    return len(said)


def _row(one: Asked, bill_id: int, bill: PlanBill, deed: Deed) -> LevelPayMonth:
    return LevelPayMonth(
        plan_id=one.plan_id, bill_id=bill_id, bill_date=bill.bill_date, number=one.number, settles=one.settles,
        actual_cents=one.actual_cents, asked_cents=one.asked_cents, before_cents=one.before_cents,
        difference_cents=one.difference_cents, due_cents=one.due_cents, pay_cents=one.pay_cents, deed=deed,
    )  # fmt: skip


def _settled(plan: LevelPayPlan, bill: PlanBill, deed: Deed) -> None:
    plan.state, plan.ended_on, plan.ended, plan.ended_why = LevelPayPlan.SETTLED, bill.bill_date, deed, "final bill"
    plan.save()
    tell(deed, "programs.level_pay_settled", plan=plan.pk, account=plan.account_id, bill=bill.bill_id)
