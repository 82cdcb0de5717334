"""Questions about level payment: what bills ask, who settles next, who could enrol, whose amount is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.programs.level_pay import LevelPayRules, Standing, first_amount, review
from meterbook.engine.programs.level_pay.rules import refusals, removals
from meterbook.engine.trace import Step
from meterbook.records.customers.models import Account
from meterbook.records.programs.level_pay.asking import Progress, month_of_year, progress
from meterbook.records.programs.level_pay.rules import rules_on
from meterbook.records.programs.level_pay.standing import standings
from meterbook.records.programs.models import LevelPayMonth, LevelPayPlan

_BLOCK = 5000


def months_of(bills: Sequence[int]) -> dict[int, LevelPayMonth]:
    """What posted bills asked for under a plan, by bill id; bills of no plan are left out."""
    rows = LevelPayMonth.objects.filter(bill_id__in=bills).select_related("plan")
    return {month.bill_id: month for month in rows}


def accounts_on_plans() -> list[int]:
    """The accounts that are on a plan today."""
    return list(LevelPayPlan.objects.filter(state=LevelPayPlan.ACTIVE).values_list("account_id", flat=True))


def active_plan(account_id: int) -> LevelPayPlan | None:
    """An account's plan in force."""
    return LevelPayPlan.objects.filter(account_id=account_id, state=LevelPayPlan.ACTIVE).first()


def plan_with_id(pk: int) -> LevelPayPlan:
    """A plan by id."""
    return LevelPayPlan.objects.get(pk=pk)


@dataclass(frozen=True, slots=True)
class NextMonth:
    """What the next monthly bill of an account's plan is: its month of the plan year, and whether it settles."""

    account_id: int
    plan_id: int
    month: int
    settles: bool
    amount_cents: int
    difference_cents: int


def next_months(accounts: Iterable[int], day: date) -> dict[int, NextMonth]:
    """The next month of each account on a plan, by account."""
    plans = list(LevelPayPlan.objects.filter(account_id__in=list(accounts), state=LevelPayPlan.ACTIVE))
    if not plans:
        return {}
    rules = rules_on(day)
    found = {}
    for at in progress(plans).values():
        month = month_of_year(at.next_number)
        settles = rules.formula(at.plan.formula).settle_month == month
        found[at.plan.account_id] = NextMonth(
            at.plan.account_id, at.plan.pk, month, settles, at.amount.amount_cents, at.difference
        )
    return found


def settling(accounts: Iterable[int], day: date) -> list[int]:
    """The accounts whose next bill settles their plan: an unusual amount is to be expected on it."""
    return [account for account, one in next_months(accounts, day).items() if one.settles]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that could enrol, or why it may not; what it would be asked for each month, in cents."""

    account_id: int
    number: str
    name: str
    standing: Standing
    amount_cents: int
    refusals: tuple[Step, ...]


def candidate(account: Account, formula: str, day: date) -> Candidate:
    """How one account would stand on a plan."""
    return _candidates([account], formula, rules_on(day), day)[0]


def candidates(formula: str, day: date, *, all_of_them: bool = False) -> list[Candidate]:
    """Every open account that may enrol today, by number; ``all_of_them`` with those that may not, and why."""
    rules, found = rules_on(day), []
    accounts = Account.objects.filter(closed_on__isnull=True).select_related("holder").order_by("pk")
    block: list[Account] = []
    for account in accounts.iterator(chunk_size=_BLOCK):
        block.append(account)
        if len(block) == _BLOCK:
            found += _candidates(block, formula, rules, day)
            block = []
    found += _candidates(block, formula, rules, day)
    return sorted((one for one in found if all_of_them or not one.refusals), key=lambda one: one.number)


def _candidates(accounts: Sequence[Account], formula: str, rules: LevelPayRules, day: date) -> list[Candidate]:
    if not accounts:
        return []
    how = rules.formula(formula)
    stand = standings([account.pk for account in accounts], day, returned_months=rules.returned_months)
    found = []
    for account in accounts:
        one = stand[account.pk]
        amount = first_amount(how, basis=one.charged_cents, months=one.bills).cents if one.charged_cents > 0 else 0
        why = tuple(refusals(rules, one))
        found.append(Candidate(account.pk, account.number, account.holder.name, one, amount, why))
    return found


@dataclass(frozen=True, slots=True)
class Review:
    """A plan whose amount is looked at: what it asks for now, what it would ask for, and whether that is a change."""

    plan_id: int
    account_id: int
    number: str
    name: str
    after_month: int
    before_cents: int
    basis_cents: int
    basis_months: int
    after_cents: int
    changes: bool
    difference_cents: int

    @property
    def change_cents(self) -> int:
        """The new amount less the old."""
        return self.after_cents - self.before_cents


def reviews(day: date) -> list[Review]:
    """Every plan that stands at a review month and was not reviewed there, by account number."""
    rules = rules_on(day)
    plans = list(LevelPayPlan.objects.filter(state=LevelPayPlan.ACTIVE).select_related("account__holder"))
    due = [at for at in progress(plans).values() if _due(at, rules)]
    stand = standings([at.plan.account_id for at in due], day, returned_months=rules.returned_months)
    found = [_review(at, stand[at.plan.account_id], rules) for at in due]
    return sorted(found, key=lambda one: one.number)


def _due(at: Progress, rules: LevelPayRules) -> bool:
    if not at.number or rules.formula(at.plan.formula).each_month:
        return False
    return month_of_year(at.number) in rules.review_months and at.amount.after_month < at.number


def _review(at: Progress, standing: Standing, rules: LevelPayRules) -> Review:
    formula = rules.formula(at.plan.formula)
    new = at.amount.amount_cents
    if standing.charged_cents > 0:
        new = first_amount(formula, basis=standing.charged_cents, months=standing.bills).cents
    return Review(
        at.plan.pk, at.plan.account_id, at.plan.account.number, at.plan.account.holder.name, at.number,
        at.amount.amount_cents, standing.charged_cents, standing.bills, new,
        review(at.amount.amount_cents, new, rules.change_percent), at.difference,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Removal:
    """A plan the rules end, and why."""

    plan_id: int
    account_id: int
    number: str
    name: str
    reasons: tuple[Step, ...]
    difference_cents: int


def removals_due(day: date) -> list[Removal]:
    """Every plan that the rules end today: late, returned payments, no service; by account number."""
    rules = rules_on(day)
    plans = list(LevelPayPlan.objects.filter(state=LevelPayPlan.ACTIVE).select_related("account__holder"))
    stand = standings([plan.account_id for plan in plans], day, returned_months=rules.returned_months)
    at = progress(plans)
    found = [
        Removal(plan.pk, plan.account_id, plan.account.number, plan.account.holder.name,
                tuple(removals(rules, stand[plan.account_id])), at[plan.pk].difference)
        for plan in plans
    ]  # fmt: skip
    return sorted((one for one in found if one.reasons), key=lambda one: one.number)
