"""A level payment plan from month to month.

The books keep the true balance; a plan only says how much of it is asked for now. With *actual* the charges of the
plan's bills and *asked* what these asked for, the difference actual − asked stays deferred, so that on any bill

    what to pay = amount due − difference after it

and a settle month, which asks for whatever the difference is, brings the two together again: Σ asked = Σ actual.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.programs.level_pay.rules import FACTS, Formula
from meterbook.engine.rates.policies.outcome import outcome
from meterbook.engine.trace import N_, Step

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Month:
    """What is known when a month's bill asks, in cents: ``number`` of the plan year; ``basis`` the charges the plan was
    made from and ``basis_months`` how many bills they are; this bill's ``current``, the ``eleven`` before it;
    ``actual`` and ``asked`` of the plan year before this bill; ``difference`` of the whole plan before it."""

    number: int
    basis: int
    current: int
    basis_months: int = 12
    eleven: int = 0
    actual: int = 0
    asked: int = 0
    difference: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a bill asks of a plan: cents, whether it settles, and why."""

    cents: int
    settles: bool
    steps: tuple[Step, ...]


def asked(formula: Formula, month: Month, *, ends: bool = False) -> Said:
    """What this month asks for; a settle month and the plan's last bill (``ends``) ask for the whole difference.

    Raises what `outcome` raises: a fact the formula asks for and nobody knows.
    """
    if ends or month.number == formula.settle_month:
        due = month.difference + month.current
        words = N_("This month settles: charges of {actual} less {asked} asked for so far.")
        if ends:
            words = N_("The plan ends: charges of {actual} less {asked} asked for so far.")
        shown = {"actual": _usd(month.difference + month.asked + month.current), "asked": _usd(month.asked)}
        return Said(due, True, (Step(words, {**shown}),))
    found = _worked_out(formula, month)
    return Said(found.cents, False, found.steps)


def first_amount(formula: Formula, *, basis: int, months: int) -> Said:
    """What a plan made from ``basis`` cents of ``months`` bills will ask for in its first month."""
    average = int((Decimal(basis) / max(months, 1)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return _worked_out(formula, Month(1, basis, average, basis_months=months, eleven=basis - average))


def review(old_cents: int, new_cents: int, percent: Decimal) -> bool:
    """Whether a review changes the amount: by ``percent`` or more, up or down.

    >>> review(10_000, 11_499, Decimal(15)), review(10_000, 11_500, Decimal(15)), review(10_000, 8_500, Decimal(15))
    (False, True, True)
    """
    return old_cents != new_cents and abs(new_cents - old_cents) * 100 >= percent * abs(old_cents)


def pay(amount_due: int, difference_after: int) -> int:
    """What to pay now, in cents: everything owed but what the plan defers."""
    return amount_due - difference_after


def _worked_out(formula: Formula, month: Month) -> Said:
    facts = {
        "last_year": month.basis, "current": month.current, "previous_eleven": month.eleven,
        "actual": month.actual + month.current, "paid": month.asked, "balance": month.difference,
    }  # fmt: skip
    told: dict[str, Decimal | str | None] = {name: Decimal(cents).scaleb(-2) for name, cents in facts.items()}
    told |= {"month": Decimal(month.number), "months": Decimal(month.basis_months)}
    wanted = {name: told[name] for name in FACTS if name in formula.document.scope.inputs}
    found = next(one for one in outcome(formula.document, wanted) if one.name == "payment")
    return Said(found.cents, False, tuple(found.steps))


def _usd(cents: int) -> str:
    return f"${Decimal(cents).scaleb(-2).quantize(_CENT):,}"
