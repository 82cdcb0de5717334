"""How much was used while no meter told it: from the time before, from what is connected, or from alike premises.

Exact: fractions throughout, rounded once, half up, to millionths of the unit. Every number that counts is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from meterbook.engine.trace import N_, Step, Value

METHODS = ("history", "connected_load", "class_average")
_MILLION = 1_000_000
#: A thousand million units.
_MOST_E6 = 10**15


class NothingToEstimateFrom(ValueError):
    """The days are the wrong way round, or nothing is known to estimate from; ``step`` says which."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


@dataclass(frozen=True, slots=True)
class Used:
    """Usage between two days, ``ends`` not counted, in millionths of the unit."""

    starts: date
    ends: date
    quantity_e6: int


@dataclass(frozen=True, slots=True)
class Appliance:
    """Something connected: how much of the unit one of it draws in an hour, how many, how many hours a day."""

    words: str
    per_hour: Decimal
    count: int
    hours_a_day: Decimal


@dataclass(frozen=True, slots=True)
class LoadEstimate:
    """What was used beyond what the meter told, in millionths of the unit, with its steps."""

    quantity_e6: int
    steps: tuple[Step, ...]


def from_history(before: Sequence[Used], *, starts: date, ends: date, metered_e6: int, unit: str) -> LoadEstimate:
    """The usage a day of the time before, over the days in question.

    >>> before = [Used(date(2025, 1, 1), date(2025, 1, 31), 900_000_000)]
    >>> from_history(before, starts=date(2026, 1, 1), ends=date(2026, 1, 11), metered_e6=0, unit="kWh").quantity_e6
    300000000
    """
    days = sum((one.ends - one.starts).days for one in before)
    if days <= 0:
        raise NothingToEstimateFrom(Step(N_("No usage before these days is on record.")))
    used = sum(one.quantity_e6 for one in before)
    first, last = min(one.starts for one in before), max(one.ends for one in before)
    said = Step(
        N_("Before: {used} {unit} in {days} days from {first} to {last}, {daily} {unit} a day."),
        {"used": _shown(Fraction(used, _MILLION)), "unit": unit, "days": days, "first": first, "last": last,
         "daily": _shown(Fraction(used, days * _MILLION))},
    )  # fmt: skip
    return _over(Fraction(used, days), said, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)


def from_connected_load(
    connected: Sequence[Appliance], *, starts: date, ends: date, metered_e6: int, unit: str
) -> LoadEstimate:
    """What is connected, times its hours, over the days in question.

    >>> heater = Appliance("Water heater", Decimal("4.5"), 1, Decimal(3))
    >>> from_connected_load([heater], starts=date(2026, 1, 1), ends=date(2026, 1, 11), metered_e6=35_000_000,
    ...     unit="kWh").quantity_e6
    100000000
    """
    if not connected:
        raise NothingToEstimateFrom(Step(N_("Say what is connected.")))
    steps, daily = [], Fraction(0)
    for one in connected:
        if not 0 < one.hours_a_day <= 24 or one.per_hour <= 0 or one.count < 1:
            raise NothingToEstimateFrom(
                Step(N_("{what}: a draw above zero, at least one of it, and up to 24 hours a day."),
                     {"what": one.words})
            )  # fmt: skip
        part = Fraction(one.per_hour) * one.count * Fraction(one.hours_a_day)
        daily += part
        steps.append(
            Step(
                N_("{what}: {count} × {per_hour} {unit} an hour × {hours} hours = {part} {unit} a day."),
                {"what": one.words, "count": one.count, "per_hour": one.per_hour, "unit": unit,
                 "hours": one.hours_a_day, "part": _shown(part)},
            )
        )  # fmt: skip
    return _over(daily * _MILLION, *steps, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)


def from_class_average(
    alike: Sequence[Used], premises: int, *, starts: date, ends: date, metered_e6: int, unit: str
) -> LoadEstimate:
    """What alike premises used a day in the same days, over the days in question."""
    days = sum((one.ends - one.starts).days for one in alike)
    if days <= 0 or premises < 1:
        raise NothingToEstimateFrom(Step(N_("No usage of alike premises in these days is on record.")))
    used = sum(one.quantity_e6 for one in alike)
    said = Step(
        N_("{premises} alike premises used {used} {unit} in {days} days, {daily} {unit} a day each."),
        {"premises": premises, "used": _shown(Fraction(used, _MILLION)), "unit": unit, "days": days,
         "daily": _shown(Fraction(used, days * _MILLION))},
    )  # fmt: skip
    return _over(Fraction(used, days), said, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)


def _over(daily_e6: Fraction, *said: Step, starts: date, ends: date, metered_e6: int, unit: str) -> LoadEstimate:
    """A daily usage over the days in question, less what the meter told of them."""
    days = (ends - starts).days
    if days <= 0:
        raise NothingToEstimateFrom(Step(N_("The last day is after the first.")))
    all_e6 = _half_up(daily_e6 * days)
    if all_e6 >= _MOST_E6:
        raise NothingToEstimateFrom(Step(N_("That is more than any meter could pass. Look at the figures again.")))
    steps = [
        *said,
        Step(
            N_("{days} days from {starts} up to {ends}: {all} {unit}."),
            {"days": days, "starts": starts, "ends": ends, "all": _shown(Fraction(all_e6, _MILLION)), "unit": unit},
        ),
        Step(
            N_("The meter told {metered} {unit} of it; {left} {unit} it did not."),
            {"metered": _shown(Fraction(metered_e6, _MILLION)), "unit": unit,
             "left": _shown(Fraction(max(0, all_e6 - metered_e6), _MILLION))},
        ),
    ]  # fmt: skip
    return LoadEstimate(max(0, all_e6 - metered_e6), tuple(steps))


def priced(quantity_e6: int, price: Decimal, unit: str) -> tuple[int, Step]:
    """Cents at a price in dollars a unit, rounded once, half up, with the sentence.

    >>> priced(300_000_000, Decimal("0.1475"), "kWh")[0]
    4425
    """
    cents = _half_up(Fraction(quantity_e6, _MILLION) * Fraction(price) * 100)
    values: dict[str, Value] = {
              "used": _shown(Fraction(quantity_e6, _MILLION)), "unit": unit, "price": price,
              "dollars": f"${Decimal(cents).scaleb(-2):,.2f}"}  # fmt: skip
    return cents, Step(N_("{used} {unit} × ${price} = {dollars}."), values)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _shown(value: Fraction) -> Decimal:
    """A fraction to six digits behind the point, without zeros at the end."""
    found = Decimal(_half_up(value * _MILLION)).scaleb(-6).normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found
