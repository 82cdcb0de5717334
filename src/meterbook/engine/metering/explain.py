"""One register's usage and one service point's winter average, in `Decimal` and in words.

Written from the rule, not from the column versions in ``register`` and ``winter_average``; an import contract keeps
the two apart, and a test holds them equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from meterbook.engine.periods import Period
from meterbook.engine.quantity import scaled
from meterbook.engine.trace import N_, Step, Value


class RolloverImplausible(ValueError):
    """The register fell, and the usage a rollover would mean is not believable: a read to check, not to bill."""


class BeyondDials(ValueError):
    """A read shows a number that this many dials cannot show."""


class NegativeUsage(ValueError):
    """A delivery register cannot have counted less than nothing."""


class OverlappingPeriods(ValueError):
    """Two usage periods of one service point share a day, so a month would count twice."""


@dataclass(frozen=True, slots=True)
class UsageExplanation:
    """Usage between two reads in the billing unit, whether the register started again at 0, and the words."""

    quantity: Decimal
    rollover: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class WinterAverageExplanation:
    """The average in the billing unit, how many winter periods there were, what decided it, and the words."""

    average: Decimal
    periods: int
    source: Literal["average", "default", "capped"]
    steps: tuple[Step, ...]


@contextmanager
def _exactly() -> Iterator[None]:
    """Sixty digits, and an exception rather than a rounded one: reads times multipliers stay exact."""
    with localcontext(Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow, Inexact])):
        yield


def explain_usage(
    *,
    previous: Decimal,
    current: Decimal,
    dials: int,
    multiplier: Decimal,
    unit: str,
    previous_on: date,
    current_on: date,
    plausible_share: Fraction = Fraction(1, 4),
) -> UsageExplanation:
    """Usage between two reads: (current − previous) × multiplier, past 0 again if the register rolled over.

    ``previous`` and ``current`` are what the register shows, ``dials`` the digits left of its decimal point, ``unit``
    the billing unit that ``multiplier`` leads to. A fall is a rollover when the usage it means is at most
    ``plausible_share`` of the dial range (a design rule; the rollover formula itself is the field's own).

    Raises `BeyondDials`, `RolloverImplausible`, `WrongUnit` for usage finer than a millionth, `EmptyPeriod` when the
    reads are not at least a day apart.

    >>> said = explain_usage(previous=Decimal(99950), current=Decimal(30), dials=5, multiplier=Decimal(1), unit="ccf",
    ...     previous_on=date(2026, 3, 2), current_on=date(2026, 4, 1))
    >>> said.quantity, said.rollover
    (Decimal('80'), True)
    >>> said.steps[1].words(str)
    '5 dials: after 99,999 the register starts again at 0, so 100,000 + 30 − 99,950 = 80.'
    """
    Period(previous_on, current_on)
    whole_range = Decimal(10**dials)
    for shown in (previous, current):
        if not 0 <= shown < whole_range:
            raise BeyondDials(f"{dials} dials cannot show {shown}")
    if multiplier <= 0:
        raise ValueError(f"a multiplier is positive, not {multiplier}")
    rollover = current < previous
    with _exactly():
        counted = current - previous + (whole_range if rollover else 0)
        if rollover and Fraction(counted) > plausible_share * Fraction(whole_range):
            raise RolloverImplausible(f"from {previous} to {current} would be {counted} on {dials} dials")
        quantity = _plain(counted * multiplier)
        scaled(quantity)
        reads: dict[str, Value] = {"previous": previous, "current": current}
        dated = reads | {"previous_on": previous_on, "current_on": current_on}
        steps = [Step(N_("Read {previous:,} on {previous_on}, then {current:,} on {current_on}."), dated)]
        if rollover:
            steps.append(_rollover_step(previous, current, dials, counted))
        else:
            steps.append(Step(N_("{current:,} − {previous:,} = {counted:,}."), reads | {"counted": _plain(counted)}))
        steps.append(_multiplier_step(_plain(counted), _plain(multiplier), quantity, unit))
    return UsageExplanation(quantity, rollover, tuple(steps))


def explain_winter_average(
    usage: Sequence[tuple[Period, Decimal]],
    *,
    months: Sequence[int],
    minimum_periods: int,
    default: Decimal,
    cap: Decimal | None,
    decimals: int,
    unit: str,
    basis: Literal["periods", "days"] = "periods",
    days_per_month: Fraction = Fraction(365, 12),
) -> WinterAverageExplanation:
    """The winter average of one service point; the rule is described in ``winter_average``.

    ``usage`` is one (period, quantity) per register and billing period, in ``unit``, as ``default`` and ``cap`` are.

    Raises `OverlappingPeriods` when two different periods share a day, `NegativeUsage` below zero.

    >>> used = {1: 6, 2: 5, 3: 5, 4: 6}
    >>> winter = [(Period(date(2026, m, 1), date(2026, m + 1, 1)), Decimal(used[m])) for m in used]
    >>> said = explain_winter_average(winter, months=(11, 12, 1, 2, 3, 4), minimum_periods=4, default=Decimal(9),
    ...     cap=None, decimals=1, unit="ccf")
    >>> said.average, said.source
    (Decimal('5.5'), 'average')
    >>> said.steps[-1].words(str)
    '(6 + 5 + 5 + 6) ÷ 4 periods = 5.5 ccf.'
    """
    if minimum_periods < 1:
        raise ValueError("an average needs at least one period")
    winter = {p: q for p, q in _by_period(usage).items() if _middle(p).month in months}
    steps = [
        Step(
            N_("{first_day} to {last_day}: {quantity:,} {unit}."),
            {"first_day": p.starts, "last_day": p.last_day, "quantity": _plain(q), "unit": unit},
        )
        for p, q in winter.items()
    ]
    if len(winter) < minimum_periods:
        short: dict[str, Value] = {
            "periods": len(winter),
            "needed": minimum_periods,
            "default": default,
            "unit": unit,
        }
        message = N_("{periods} winter periods, and {needed} are needed: {default:,} {unit} applies instead.")
        return WinterAverageExplanation(default, len(winter), "default", (*steps, Step(message, short)))
    total = sum((Fraction(q) for q in winter.values()), Fraction(0))
    terms = " + ".join(f"{_plain(q):,}" for q in winter.values())
    said: dict[str, Value] = {"terms": terms, "periods": len(winter), "unit": unit}
    if basis == "periods":
        exact = total / len(winter)
        message = N_("({terms}) ÷ {periods} periods = {average:,} {unit}.")
    else:
        days = sum(p.days for p in winter)
        exact = total / days * days_per_month
        said |= {"days": days, "month": str(days_per_month)}
        message = N_("({terms}) ÷ {days} days × {month} days a month = {average:,} {unit}.")
    average = _half_up(exact, decimals)
    steps.append(Step(message, said | {"average": average}))
    if Fraction(average) != exact:
        steps.append(Step(N_("Rounded half up to {decimals} decimals."), {"decimals": decimals}))
    if cap is not None and average > cap:
        message = N_("{average:,} {unit} is above the cap: {cap:,} {unit} applies.")
        steps.append(Step(message, {"average": average, "cap": cap, "unit": unit}))
        return WinterAverageExplanation(cap, len(winter), "capped", tuple(steps))
    return WinterAverageExplanation(average, len(winter), "average", tuple(steps))


def _rollover_step(previous: Decimal, current: Decimal, dials: int, counted: Decimal) -> Step:
    """How the register passed its highest number, the digits right of its decimal point included."""
    whole_range = Decimal(10**dials)
    finest = Decimal(1).scaleb(min(0, _exponent(previous), _exponent(current)))
    values: dict[str, Value] = {"dials": dials, "highest": whole_range - finest, "range": whole_range}
    return Step(
        N_(
            "{dials} dials: after {highest:,} the register starts again at 0, "
            "so {range:,} + {current:,} − {previous:,} = {counted:,}."
        ),
        values | {"current": current, "previous": previous, "counted": _plain(counted)},
    )


def _multiplier_step(counted: Decimal, multiplier: Decimal, quantity: Decimal, unit: str) -> Step:
    """From what the register counted to the billing unit; a multiplier of one is not worth a word."""
    if multiplier == 1:
        return Step(N_("Usage: {quantity:,} {unit}."), {"quantity": quantity, "unit": unit})
    return Step(
        N_("Usage: {counted:,} × multiplier {multiplier:,} = {quantity:,} {unit}."),
        {"counted": counted, "multiplier": multiplier, "quantity": quantity, "unit": unit},
    )


def _by_period(usage: Sequence[tuple[Period, Decimal]]) -> dict[Period, Decimal]:
    """Usage summed where registers share a period, in date order."""
    summed: dict[Period, Decimal] = {}
    with _exactly():
        for period, quantity in sorted(usage, key=lambda row: row[0]):
            if quantity < 0:
                raise NegativeUsage(f"{quantity} from {period.starts} to {period.ends}")
            summed[period] = summed.get(period, Decimal(0)) + quantity
    for one, other in pairwise(summed):
        if one.overlap(other):
            raise OverlappingPeriods(f"{one.starts} to {one.ends} and {other.starts} to {other.ends} share days")
    return summed


def _middle(period: Period) -> date:
    """The day in the middle; of an even number of days, the later of the two."""
    return period.starts + timedelta(days=period.days // 2)


def _half_up(exact: Fraction, decimals: int) -> Decimal:
    """A quantity, never negative, rounded half up to ``decimals`` places."""
    with _exactly():
        return _plain(Decimal(int(exact * 10**decimals + Fraction(1, 2))).scaleb(-decimals))


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or an exponent; call it where 60 digits are allowed or it is short."""
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _exponent(value: Decimal) -> int:
    """The power of ten of the last digit shown."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise BeyondDials(f"{value} is not a read")
    return exponent
