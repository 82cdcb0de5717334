"""Setting exports off against imports, period by period, with the kWh carried from the month before.

Kilowatt-hours are exact ``Decimal``; periods are named as the tariff names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.programs.net_metering.rule import Bank, Rule
from meterbook.engine.rates.spans import plain
from meterbook.engine.trace import N_, Step, Value

ZERO = Decimal(0)
#: Where carried kWh of a period go: the period of this month, or ``None`` when it has none and they are lost.
Carry = Mapping[str, "str | None"]


@dataclass(frozen=True, slots=True)
class NetEnergy:
    """A month's kWh by period as the meter counted them: ``imports`` and ``exports``, neither negative."""

    imports: Mapping[str, Decimal]
    exports: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Netted:
    """A month after netting: ``used`` is billed, ``surplus`` is credited or banked, ``total`` is exports − imports.

    A period is in ``used`` or in ``surplus``, never in both. ``lost`` kWh found no period to be carried to.
    """

    used: Mapping[str, Decimal]
    surplus: Mapping[str, Decimal]
    total: Decimal
    carried: Mapping[str, Decimal]
    lost: Decimal
    steps: tuple[Step, ...]


def same_period(before: Sequence[str], now: Sequence[str]) -> dict[str, str | None]:
    """Carried kWh stay in their period; a period that this month lacks loses them.

    >>> same_period(["peak", "summer"], ["peak", "winter"])
    {'peak': 'peak', 'summer': None}
    """
    return {period: period if period in now else None for period in before}


def same_time_of_day(before: Sequence[str], now: Sequence[str]) -> dict[str, str | None]:
    """Carried kWh go to the period of the same time of day, judged at a few weekday hours in the same order.

    ``before`` and ``now`` are the periods of the two months at those hours. A period's first hour decides; a period
    that holds none of the hours is not in the result and loses its kWh.

    >>> same_time_of_day(["summer off", "summer off", "summer on", "summer on"], ["w off", "w off", "w on", "w off"])
    {'summer off': 'w off', 'summer on': 'w on'}
    """
    found: dict[str, str | None] = {}
    for old, new in zip(before, now, strict=True):
        found.setdefault(old, new)
    return found


def netted(rule: Rule, energy: NetEnergy, *, bank: Bank, carry: Carry) -> Netted:
    """Net a month: each period's exports against its imports, after the carried kWh of ``bank`` (``nem-kwh`` alone).

    Under a rule that nets within each interval, ``energy`` has been netted already and passes through.

    >>> month = NetEnergy({"day": Decimal(100), "night": Decimal(80)}, {"day": Decimal(250)})
    >>> found = netted(Rule("nem-kwh"), month, bank=Bank(), carry={})
    >>> found.used, found.surplus
    ({'night': Decimal('80')}, {'day': Decimal('150')})
    """
    total = sum(energy.exports.values(), ZERO) - sum(energy.imports.values(), ZERO)
    if not rule.nets_the_month:
        used = {period: kwh for period, kwh in energy.imports.items() if kwh}
        surplus = {period: kwh for period, kwh in energy.exports.items() if kwh}
        return Netted(used, surplus, total, {}, ZERO, ())
    carried, lost, steps = _carried(rule, bank, carry)
    used, surplus = {}, {}
    for period in dict.fromkeys([*energy.imports, *energy.exports, *carried]):
        taken, given = energy.imports.get(period, ZERO), energy.exports.get(period, ZERO)
        brought = carried.get(period, ZERO)
        balance = given + brought - taken
        if balance > 0:
            surplus[period] = balance
        elif balance < 0:
            used[period] = -balance
        if given or brought:
            steps.append(_netting_step(period, taken=taken, given=given, brought=brought, balance=balance))
    return Netted(used, surplus, total, carried, lost, tuple(steps))


def _carried(rule: Rule, bank: Bank, carry: Carry) -> tuple[dict[str, Decimal], Decimal, list[Step]]:
    """Banked kWh by this month's period, and what found none."""
    carried: dict[str, Decimal] = {}
    lost = ZERO
    steps: list[Step] = []
    if rule.option != "nem-kwh":
        return carried, lost, steps
    for period, kwh in bank.kwh.items():
        target = carry.get(period)
        if target is None:
            lost += kwh
            words = N_("{kwh} kWh carried from period {period} find no such time of day this month and are not used.")
            steps.append(Step(words, {"kwh": plain(kwh), "period": period}))
            continue
        carried[target] = carried.get(target, ZERO) + kwh
    return carried, lost, steps


def _netting_step(period: str, *, taken: Decimal, given: Decimal, brought: Decimal, balance: Decimal) -> Step:
    """One period's netting in words."""
    amounts = {"taken": taken, "given": given, "brought": brought, "left": abs(balance)}
    values: dict[str, Value] = {"period": period, **{name: plain(kwh) for name, kwh in amounts.items()}}
    if balance > 0:
        words = N_(
            "Period {period}: {taken} kWh drawn, {given} kWh fed in, {brought} kWh carried: {left} kWh are left over."
        )
        return Step(words, values)
    words = N_("Period {period}: {taken} kWh drawn, {given} kWh fed in, {brought} kWh carried: {left} kWh are billed.")
    return Step(words, values)
