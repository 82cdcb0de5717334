"""How much is asked of an account, and in which instalments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from meterbook.engine.money import dollars
from meterbook.engine.security.rules import DepositClass, Times
from meterbook.engine.trace import N_, Step, Value

_MONTHS = 12
_OF = {"month": N_("a month's bill"), "period": N_("a billing period's bill"), "year": N_("a year's bills")}


@dataclass(frozen=True, slots=True)
class Assessed:
    """Cents asked, and how they came about."""

    cents: int
    steps: tuple[Step, ...]


def assess(rule: DepositClass, *, year_cents: int, standing: str, periods_per_year: int) -> Assessed:
    """What the rule asks of an account whose year of bills is ``year_cents``, given its credit standing.

    The rule's times, not above the lowest cap, times the standing's share, rounded down to whole steps, and nothing
    below the least amount worth asking for. A cap is never passed by rounding.
    """
    wanted, said = _of(rule.amount, year_cents, periods_per_year)
    steps = [said]
    for cap in rule.caps:
        most, words = _of(cap, year_cents, periods_per_year)
        if most < wanted:
            wanted = most
            steps.append(Step(N_("At most {cap} ({citation})."), {"cap": words, "citation": cap.citation}))
    share = rule.shares[standing]
    if share != 1:
        wanted *= share
        steps.append(
            Step(
                N_("Of credit standing {standing} the share {share} is asked."),
                {"standing": Step(STANDING_WORDS[standing]), "share": share},
            )
        )
    cents = int(wanted) // rule.step * rule.step
    steps.append(
        Step(N_("Rounded down to whole {step}: {cents}"), {"step": dollars(rule.step), "cents": dollars(cents)})
    )
    if 0 < cents < rule.least:
        cents = 0
        steps.append(Step(N_("Less than {least} is not asked for."), {"least": dollars(rule.least)}))
    return Assessed(cents, tuple(steps))


#: Words of credit standings.
STANDING_WORDS = {"good": N_("good"), "fair": N_("fair"), "poor": N_("poor"), "unknown": N_("not known")}


def _of(times: Times, year_cents: int, periods_per_year: int) -> tuple[Decimal, Step]:
    parts = {"month": _MONTHS, "period": periods_per_year, "year": 1}[times.of]
    cents = Decimal(year_cents) * times.times / parts
    shown = (cents / 100).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    values: dict[str, Value] = {
        "times": times.times,
        "of": Step(_OF[times.of]),
        "year": dollars(year_cents),
        "cents": shown,
    }
    return cents, Step(N_("{times} times {of}, of {year} a year: {cents}"), values)


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: charged on one day, due on another."""

    charge_on: date
    due_on: date
    cents: int


def schedule(cents: int, *, parts: int, rule: DepositClass, first: date) -> list[Part]:
    """``cents`` in equal whole cents, what does not divide in the first; together exactly ``cents``."""
    each, rest = divmod(cents, parts)
    amounts = [each + rest, *[each] * (parts - 1)]
    days = [first + timedelta(days=rule.days_apart * at) for at in range(parts)]
    due = timedelta(days=rule.due_days)
    return [Part(day, day + due, amount) for day, amount in zip(days, amounts, strict=True) if amount]
