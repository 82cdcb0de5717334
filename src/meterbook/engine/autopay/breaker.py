"""The breaker: which drafts wait for a person, and why.

Everything a person should look at before money is taken from somebody's account: an amount far above the usual, a bill
after months without one, an account that is closed, and so on. Each reason says the figures it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low

from meterbook.engine.trace import N_, Step

#: Reasons by code, in the order they are shown.
REASONS = (
    "above_normal", "above_limit", "gap", "first", "final", "closed", "several", "held", "disputed", "corrected",
    "protected", "banned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breaker:
    """What trips it: ``times`` the usual amount and at least ``least_cents``; more than ``gap_days`` between bills;
    another draft within ``several_days``; fewer than ``first_bills`` bills before.

    ``normal_bills`` is how many earlier bills the usual amount is the median of; below ``least_bills`` there is none.
    ``protections`` are the kinds on record that hold a draft.
    """

    times: Decimal
    least_cents: int
    normal_bills: int
    least_bills: int
    gap_days: int
    several_days: int
    first_bills: int
    final: str
    protections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a draft: cents, amounts of earlier bills (newest first), and how the account stands."""

    cents: int
    before: tuple[int, ...] = ()
    days_since_bill: int | None = None
    limit_cents: int | None = None
    closed: bool = False
    final: bool = False
    other_drafts: int = 0
    held: bool = False
    disputed: bool = False
    corrected: bool = False
    protection: str = ""
    banned: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a draft waits: its code, and the sentence with its figures."""

    code: str
    says: Step


def normal_cents(before: tuple[int, ...], rules: Breaker) -> int | None:
    """The usual amount: the median of the newest earlier bills, without those that asked for nothing.

    >>> rules = Breaker(Decimal(3), 5000, 3, 3, 45, 10, 0, "draft")
    >>> normal_cents((9000, 8000, 10000, 99999), rules), normal_cents((9000,), rules)
    (9000, None)
    """
    counted = [cents for cents in before[: rules.normal_bills] if cents > 0]
    return median_low(counted) if len(counted) >= rules.least_bills else None


def reasons(facts: Facts, rules: Breaker) -> list[Reason]:
    """Every reason to hold a draft; none where it may go on its way."""
    found = []
    normal = normal_cents(facts.before, rules)
    if normal is not None and facts.cents >= rules.least_cents and facts.cents > rules.times * normal:
        says = Step(
            N_("{amount} is {times} times the usual {normal}; held above {most} times."),
            {"amount": dollars(facts.cents), "times": str(round(Decimal(facts.cents) / normal, 1)),
             "normal": dollars(normal), "most": str(rules.times)},
        )  # fmt: skip
        found.append(Reason("above_normal", says))
    if facts.limit_cents is not None and facts.cents > facts.limit_cents:
        values = {"amount": dollars(facts.cents), "most": dollars(facts.limit_cents)}
        found.append(Reason("above_limit", Step(N_("{amount} is above the payer's own limit of {most}."), {**values})))
    if facts.days_since_bill is not None and facts.days_since_bill > rules.gap_days:
        values_gap = {"days": facts.days_since_bill, "most": rules.gap_days}
        says = Step(N_("First bill after {days} days without one; held above {most} days."), {**values_gap})
        found.append(Reason("gap", says))
    if len(facts.before) < rules.first_bills:
        says = Step(N_("Only {found} bills before this one."), {"found": len(facts.before)})
        found.append(Reason("first", says))
    return found + _standing(facts, rules)


def _standing(facts: Facts, rules: Breaker) -> list[Reason]:
    """Reasons that lie in how the account and the bill stand."""
    final = rules.final == "hold"
    said: list[tuple[bool, str, Step]] = [
        (facts.final and final, "final", Step(N_("The last bill of a service that ended."))),
        (facts.closed and final, "closed", Step(N_("The account is closed."))),
        (facts.other_drafts > 0, "several", Step(
            N_("{n} other drafts of this account within {days} days."),
            {"n": facts.other_drafts, "days": rules.several_days})),
        (facts.held, "held", Step(N_("Billing of this account is on hold."))),
        (facts.disputed, "disputed", Step(N_("The bill is disputed: a claim or an adjustment waits for a decision."))),
        (facts.corrected, "corrected", Step(N_("The bill is being corrected, or was taken back."))),
        (bool(facts.protection), "protected", Step(
            N_("The account is protected: {kind}."), {"kind": facts.protection.replace("_", " ")})),
        (bool(facts.banned), "banned", Step(N_("Drafts are not accepted from this account: {why}."),
         {"why": facts.banned})),
    ]  # fmt: skip
    return [Reason(code, says) for holds, code, says in said if holds]


def dollars(cents: int) -> str:
    """An amount in figures of the office.

    >>> dollars(123456)
    '$1,234.56'
    """
    return f"${Decimal(cents).scaleb(-2):,.2f}"
