"""One stretch of estimates set right, in `Decimal` and in words, written from the rule and not from the columns.

An import contract keeps it apart from ``true_up``; a test holds both equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from meterbook.engine.metering.explain import BeyondDials, RolloverImplausible
from meterbook.engine.periods import Period
from meterbook.engine.quantity import QUANTITY_SCALE, WrongUnit
from meterbook.engine.trace import N_, Step, Value


@dataclass(frozen=True, slots=True)
class ShownRead:
    """What the register showed, or was estimated to show, on a day."""

    read_on: date
    value: Decimal
    estimated: bool


@dataclass(frozen=True, slots=True)
class PeriodTruedUp:
    """One period in the billing unit: what stood, what it becomes, and what the register would have shown then."""

    period: Period
    was: Decimal
    becomes: Decimal
    value: Decimal

    @property
    def difference(self) -> Decimal:
        """What the true-up adds; below 0 where the estimate was too high."""
        return _plain(self.becomes - self.was)


@dataclass(frozen=True, slots=True)
class TrueUpExplanation:
    """The periods in order, their total, and the words."""

    periods: tuple[PeriodTruedUp, ...]
    total: Decimal
    steps: tuple[Step, ...]


def explain_true_up(
    reads: Sequence[ShownRead],
    *,
    dials: int,
    decimals: int,
    multiplier: Decimal,
    unit: str,
    plausible_share: Fraction = Fraction(1, 4),
) -> TrueUpExplanation:
    """Spread what the register counted from the first of ``reads`` to the last over the periods between them.

    The last read is an actual one, those between are estimates; the rule is that of ``true_up``.

    Raises `ValueError` for reads of another pattern, `EmptyPeriod` for two of one day, `BeyondDials`,
    `RolloverImplausible`, and `WrongUnit` where a step of the register is finer than a millionth of the unit.

    >>> days = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    >>> shown = [ShownRead(on, Decimal(v), n in (1, 2)) for n, (on, v) in enumerate(zip(days, (100, 120, 140, 130)))]
    >>> said = explain_true_up(shown, dials=5, decimals=0, multiplier=Decimal(1), unit="ccf")
    >>> [(str(one.was), str(one.becomes)) for one in said.periods]
    [('20', '10'), ('20', '10'), ('-10', '10')]
    """
    reads = sorted(reads, key=lambda one: one.read_on)
    if len(reads) < 3 or reads[-1].estimated or not all(one.estimated for one in reads[1:-1]):
        raise ValueError("a true-up takes a read, one or more estimates, and an actual read")
    whole = Fraction(10**dials)
    for one in reads:
        if not 0 <= one.value < whole:
            raise BeyondDials(f"{dials} dials cannot show {one.value}")
    periods = [Period(one.read_on, other.read_on) for one, other in pairwise(reads)]
    first, last = reads[0], reads[-1]
    total = Fraction(last.value) - Fraction(first.value)
    rolled = total < 0
    if rolled:
        total += whole
        if total > plausible_share * whole:
            raise RolloverImplausible(f"from {first.value} to {last.value} would be {total} on {dials} dials")
    said = [_counted(one.value, other.value, whole, plausible_share) for one, other in pairwise(reads[:-1])]
    step = _step(reads, decimals)
    if (step * Fraction(multiplier) * QUANTITY_SCALE).denominator != 1:
        raise WrongUnit(f"a step of {step} times {multiplier} is finer than a millionth")
    guesses = [max(one, Fraction(0)) for one in said]
    by_days = sum(guesses) == 0
    shares = _shared(total, _weights(guesses, periods), step)
    was = [*said, total - sum(said)]
    values = [_reached(Fraction(first.value), shares[: n + 1], whole) for n in range(len(shares))]
    found = tuple(
        PeriodTruedUp(period, _decimal(w * Fraction(multiplier)), _decimal(b * Fraction(multiplier)), _decimal(v))
        for period, w, b, v in zip(periods, was, shares, values, strict=True)
    )
    whole_usage = _decimal(total * Fraction(multiplier))
    steps = [*_opening(first, last, rolled, dials, whole_usage, unit), _rule(by_days), *_lines(found, unit)]
    return TrueUpExplanation(found, whole_usage, tuple(steps))


def _counted(before: Decimal, after: Decimal, whole: Fraction, share: Fraction) -> Fraction:
    """What two readings say was counted between them; an estimate too high or too low makes it less than nothing."""
    step = Fraction(after) - Fraction(before)
    if step < 0 and step + whole <= share * whole:
        return step + whole
    if step > 0 and whole - step <= share * whole:
        return step - whole
    return step


def _step(reads: Sequence[ShownRead], decimals: int) -> Fraction:
    """The register's own step, or a millionth where a read does not stand on it."""
    own = Fraction(1, 10**decimals)
    return own if all(Fraction(one.value) % own == 0 for one in reads) else Fraction(1, QUANTITY_SCALE)


def _weights(guesses: Sequence[Fraction], periods: Sequence[Period]) -> list[Fraction]:
    if sum(guesses) == 0:
        return [Fraction(period.days) for period in periods]
    guessed_days = sum(period.days for period in periods[:-1])
    return [*guesses, sum(guesses, Fraction(0)) / guessed_days * periods[-1].days]


def _shared(total: Fraction, weights: Sequence[Fraction], step: Fraction) -> list[Fraction]:
    """``total`` by weight in whole steps: rounded down, the rest to the largest remainders, the earlier first."""
    exact = [total / step * weight / sum(weights, Fraction(0)) for weight in weights]
    shares = [int(one) for one in exact]
    left = int(total / step) - sum(shares)
    order = sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))
    for n in order[:left]:
        shares[n] += 1
    return [one * step for one in shares]


def _reached(first: Fraction, shares: Sequence[Fraction], whole: Fraction) -> Fraction:
    return (first + sum(shares)) % whole


def _decimal(value: Fraction) -> Decimal:
    """A number of at most six decimals, exactly."""
    return _plain(Decimal(int(value * QUANTITY_SCALE)).scaleb(-6))


def _plain(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _opening(
    first: ShownRead, last: ShownRead, rolled: bool, dials: int, total: Decimal, unit: str
) -> tuple[Step, ...]:
    values: dict[str, Value] = {
        "first": _plain(first.value), "first_on": first.read_on, "last": _plain(last.value), "last_on": last.read_on,
        "total": total, "unit": unit,
    }  # fmt: skip
    words = N_("Read {first:,} on {first_on}, then {last:,} on {last_on}: {total:,} {unit} in all.")
    if not rolled:
        return (Step(words, values),)
    return Step(words, values), Step(N_("The {dials} dials passed 0 in between."), {"dials": dials})


def _rule(by_days: bool) -> Step:
    if by_days:
        return Step(N_("Nothing was estimated in between, so it is spread by days."))
    return Step(
        N_("It is spread in proportion to what was estimated; the last period, which was not, at the same usage a day.")
    )


def _lines(periods: Sequence[PeriodTruedUp], unit: str) -> list[Step]:
    words = N_("{first_day} to {last_day}: was {was:,} {unit}, becomes {becomes:,} {unit}, difference {difference:+,}.")
    return [
        Step(
            words,
            {"first_day": one.period.starts, "last_day": one.period.last_day, "was": one.was, "becomes": one.becomes,
             "difference": one.difference, "unit": unit},
        )
        for one in periods
    ]  # fmt: skip
