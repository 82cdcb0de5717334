"""Whether a deposit goes back: months held, and what in them spoils a clean record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from meterbook.engine.money import dollars
from meterbook.engine.security.rules import Clean
from meterbook.engine.trace import N_, Step

_SPOILS = {
    "late_payments": N_("{count} payments late, {allowed} allowed"),
    "late_notices": N_("{count} late notices, {allowed} allowed"),
    "returned": N_("{count} returned payments, {allowed} allowed"),
    "cutoffs": N_("{count} cutoffs for nonpayment, {allowed} allowed"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an account in the months looked at: counts by name, cents past due, months held."""

    since: date
    months: int
    counts: Mapping[str, int]
    past_due_cents: int
    unpaid_cents: int


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the deposit goes back, and every condition as a sentence with whether it is met."""

    due: bool
    reasons: tuple[tuple[bool, Step], ...]


def judge(record: Record, rule: Clean) -> Judged:
    """Judge one account's record by its class."""
    found: list[tuple[bool, Step]] = [
        (
            record.months >= rule.months,
            Step(N_("held {months} months, {wanted} asked for"), {"months": record.months, "wanted": rule.months}),
        )
    ]
    for name, allowed in rule.allowed.items():
        count = record.counts.get(name, 0)
        found.append((count <= allowed, Step(_SPOILS[name], {"count": count, "allowed": allowed})))
    found.append(
        (record.past_due_cents <= 0, Step(N_("past due: {cents}"), {"cents": dollars(max(0, record.past_due_cents))}))
    )
    found.append(
        (record.unpaid_cents <= 0, Step(N_("instalments unpaid: {cents}"), {"cents": dollars(record.unpaid_cents)}))
    )
    return Judged(all(met for met, _ in found), tuple(found))


def whole_months(since: date, day: date) -> int:
    """Full months from one day to another.

    >>> whole_months(date(2024, 1, 31), date(2024, 2, 29)), whole_months(date(2024, 1, 15), date(2025, 1, 15))
    (1, 12)
    """
    months = (day.year - since.year) * 12 + day.month - since.month
    last_day = 28
    while last_day < 31:
        try:
            day.replace(day=last_day + 1)
        except ValueError:
            break
        last_day += 1
    return months if day.day >= min(since.day, last_day) else months - 1
