"""Interest on one deposit in words: which cents, which days, which rate, which year; rounded once, half-up.

Written from the rule, not from `columns`: it walks the deposit's own days from one change to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from meterbook.engine.money import dollars
from meterbook.engine.security.rules import InterestRules, Rate
from meterbook.engine.trace import N_, Step


@dataclass(frozen=True, slots=True)
class Held:
    """Cents held from ``starts`` to before ``ends``."""

    cents: int
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Explained:
    """The interest in cents, and a sentence for each stretch of days of one amount, rate and year."""

    cents: int
    steps: tuple[Step, ...]


def explain(held: Sequence[Held], rules: InterestRules) -> Explained:
    """Interest on what was held, with its working."""
    exact, steps = Fraction(0), []
    for one in held:
        day = one.starts
        while day < one.ends:
            rate, year_ends = _rate_on(day, rules), date(day.year + 1, 1, 1)
            changes = [rule.first for rule in rules.rates if rule.first > day]
            until = min([one.ends, year_ends, *changes])
            days = (until - day).days
            of_year = (year_ends - date(day.year, 1, 1)).days if rules.year == "actual" else int(rules.year)
            if rate is None:
                steps.append(Step(N_("{days} days from {first}: no rate was set."), {"days": days, "first": day}))
            else:
                part = Fraction(one.cents) * Fraction(rate.millionths, 10**6) * days / of_year
                exact += part
                steps.append(_step(one.cents, day, until, days, of_year, rate, part))
            day = until
    cents = int(_decimal(exact).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Explained(cents, tuple(steps))


def _rate_on(day: date, rules: InterestRules) -> Rate | None:
    known = [rate for rate in rules.rates if rate.first <= day]
    return known[-1] if known else None


def _decimal(exact: Fraction) -> Decimal:
    """A fraction to a place that cannot change how it rounds: ties are exact, everything else is off them."""
    doubled = 2 * exact
    if doubled.denominator == 1:
        return Decimal(doubled.numerator) / 2
    floor = doubled.numerator // doubled.denominator
    return (Decimal(floor) + Decimal("0.5")) / 2


def _step(cents: int, first: date, until: date, days: int, of_year: int, rate: Rate, part: Fraction) -> Step:
    shown = (Decimal(part.numerator) / Decimal(part.denominator) / 100).quantize(Decimal("0.0001"))
    return Step(
        N_("{cents} from {first} to before {until}: {days} of {year} days at {percent} % = {part}"),
        {
            "cents": dollars(cents), "first": first, "until": until, "days": days, "year": of_year,
            "percent": (Decimal(rate.millionths) / 10**4).normalize() + Decimal("0.00"), "part": shown,
        },
    )  # fmt: skip
