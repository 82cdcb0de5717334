"""The rules of level payment, from the policy document ``level-pay``: formulas, who may enrol, reviews, removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from meterbook.engine.rates.document import TariffError
from meterbook.engine.rates.policies.document import Policy, parse_policy
from meterbook.engine.trace import N_, Step

#: Facts a formula may ask for, in dollars unless said otherwise: charges of the twelve months before enrolment or the
#: last review; this bill's charges, and those of the eleven bills before it; what the plan year has charged and asked
#: for so far (this bill's charges included); actual less asked so far; the month of the plan year (1 to 12); how many
#: months of bills ``last_year`` holds.
FACTS = frozenset({"last_year", "current", "previous_eleven", "actual", "paid", "balance", "month", "months"})


class WrongRules(ValueError):
    """The policy is not one of level payment: names the field, what was found and what was expected."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One way to level: the cited document, and the month of the plan year that asks for the difference, if any."""

    key: str
    document: Policy
    settle_month: int | None
    each_month: bool


@dataclass(frozen=True, slots=True)
class LevelPayRules:
    """What the utility decided. Months are counted by bills; ``past_due_cents`` is the most that may be past due."""

    formulas: Mapping[str, Formula]
    months_of_history: int
    past_due_cents: int
    returned_payments: int
    returned_months: int
    reenrol_after_months: int
    review_months: tuple[int, ...]
    change_percent: Decimal
    removal_past_due_cents: int
    removal_days: int
    removal_returned: int

    def formula(self, key: str) -> Formula:
        """The formula called ``key``; a plan whose formula was dropped cannot go on silently. Raises `WrongRules`."""
        if key not in self.formulas:
            raise WrongRules(f"policy level-pay knows no formula {key!r}")
        return self.formulas[key]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands on a day: bills and their cents in the twelve months before, arrears, returned payments.

    ``left_months_ago`` are the months since it left a plan, ``None`` if it never did.
    """

    bills: int
    charged_cents: int
    past_due_cents: int
    days_past_due: int
    returned: int
    on_plan: bool = False
    left_months_ago: int | None = None
    has_service: bool = True


def refusals(rules: LevelPayRules, standing: Standing) -> list[Step]:
    """Why an account may not enrol, every reason; empty where it may."""
    found = []
    if standing.on_plan:
        found.append(Step(N_("The account is on a level payment plan already."), {}))
    if not standing.has_service:
        found.append(Step(N_("The account has no service today."), {}))
    if standing.bills < rules.months_of_history:
        words = N_("Months billed in the last twelve: {found}; the rules ask for {needed}.")
        found.append(Step(words, {"found": standing.bills, "needed": rules.months_of_history}))
    if standing.past_due_cents > rules.past_due_cents:
        words = N_("{cents} dollars are past due; the rules allow {most}.")
        amounts = {"cents": _dollars(standing.past_due_cents), "most": _dollars(rules.past_due_cents)}
        found.append(Step(words, {**amounts}))
    if standing.returned > rules.returned_payments:
        words = N_("{found} payments came back in the last {months} months; the rules allow {most}.")
        counts = {"found": standing.returned, "months": rules.returned_months, "most": rules.returned_payments}
        found.append(Step(words, {**counts}))
    if standing.left_months_ago is not None and standing.left_months_ago < rules.reenrol_after_months:
        words = N_("The account left a plan {found} months ago; it may enrol again after {needed}.")
        found.append(Step(words, {"found": standing.left_months_ago, "needed": rules.reenrol_after_months}))
    return found


def removals(rules: LevelPayRules, standing: Standing) -> list[Step]:
    """Why a plan must end, every reason; empty where it goes on. ``past_due_cents`` are those of what was asked."""
    found = []
    if standing.past_due_cents > rules.removal_past_due_cents and standing.days_past_due > rules.removal_days:
        words = N_("{cents} dollars of what was asked are {days} days past due.")
        found.append(Step(words, {"cents": _dollars(standing.past_due_cents), "days": standing.days_past_due}))
    if standing.returned > rules.removal_returned:
        words = N_("{found} payments came back in the last {months} months.")
        found.append(Step(words, {"found": standing.returned, "months": rules.returned_months}))
    if not standing.has_service:
        found.append(Step(N_("The account has no service today."), {}))
    return found


def _dollars(cents: int) -> str:
    return f"{Decimal(cents).scaleb(-2):.2f}"


def parse_rules(document: Mapping[str, Any]) -> LevelPayRules:
    """Read a policy ``level-pay``; raise `WrongRules` at the first thing that is wrong."""
    formulas = {str(key): _formula(str(key), entry) for key, entry in _mapping(document, "formulas").items()}
    if not formulas:
        raise WrongRules("formulas: found none, expected at least one")
    enrolment, review, removal = (_mapping(document, name) for name in ("enrolment", "review", "removal"))
    months = review.get("months")
    if not isinstance(months, list) or not all(isinstance(month, int) and 1 <= month <= 12 for month in months):
        raise WrongRules(f"review.months: found {months!r}, expected a list of months 1 to 12")
    return LevelPayRules(
        formulas=formulas,
        months_of_history=_count(enrolment, "months_of_history", most=12),
        past_due_cents=_cents(enrolment, "most_past_due"),
        returned_payments=_count(enrolment, "returned_payments"),
        returned_months=_count(enrolment, "returned_months"),
        reenrol_after_months=_count(enrolment, "reenrol_after_months"),
        review_months=tuple(months),
        change_percent=_number(review, "change_percent"),
        removal_past_due_cents=_cents(removal, "past_due"),
        removal_days=_count(removal, "days_past_due", most=3660),
        removal_returned=_count(removal, "returned_payments"),
    )


def _formula(key: str, entry: Any) -> Formula:
    if not isinstance(entry, dict) or not isinstance(entry.get("document"), str):
        raise WrongRules(f"formulas.{key}: expected a mapping with the cited 'document'")
    month = entry.get("settle_month")
    if month is not None and not (isinstance(month, int) and 1 <= month <= 12):
        raise WrongRules(f"formulas.{key}.settle_month: found {month!r}, expected a month 1 to 12, or nothing")
    try:
        policy = parse_policy(entry["document"], file=f"level-pay, formula {key}")
    except TariffError as error:
        raise WrongRules(f"formulas.{key}: {error}") from error
    if policy.policy != "level_pay" or "payment" not in {result.name for result in policy.results}:
        raise WrongRules(f"formulas.{key}: expected a level_pay document with the result 'payment'")
    unknown = set(policy.scope.inputs) - FACTS
    if unknown:
        raise WrongRules(f"formulas.{key}: nobody knows {', '.join(sorted(unknown))}; known are {sorted(FACTS)}")
    return Formula(key, policy, month, each_month="current" in policy.scope.inputs)


def _mapping(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    if not isinstance(found, dict):
        raise WrongRules(f"{name}: found {type(found).__name__}, expected a mapping")
    return found


def _count(place: Mapping[str, Any], name: str, *, most: int = 1000) -> int:
    found = place.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise WrongRules(f"{name}: found {found!r}, expected a whole number from 0 to {most}")
    return found


def _number(place: Mapping[str, Any], name: str) -> Decimal:
    try:
        found = Decimal(str(place.get(name)))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise WrongRules(f"{name}: found {place.get(name)!r}, expected a number of 0 or more, as text")
    return found


def _cents(place: Mapping[str, Any], name: str) -> int:
    found = _number(place, name) * 100
    if found != int(found):
        raise WrongRules(f"{name}: found {place.get(name)!r}, expected dollars and whole cents")
    return int(found)
