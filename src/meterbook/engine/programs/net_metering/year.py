"""A customer's months from interval readings: each priced by the tariff, each handing its bank to the next.

The tariff names the facts it reads; those a run of months knows are ``kwh`` (used, after netting), ``kw`` and
``kw_<period>`` (highest demand), what ratchets look back to, ``credit_dollars`` (brought), ``left_kwh`` and
``left_dollars`` (at true-up), ``year_so_far`` and ``settles_year`` (of a yearly minimum).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from typing import Any

import polars as pl

from meterbook.engine.programs.net_metering.intervals import KWH_SCALE, net_within_steps
from meterbook.engine.programs.net_metering.netting import Carry, NetEnergy, Netted, netted, same_time_of_day
from meterbook.engine.programs.net_metering.rule import Bank, Rule
from meterbook.engine.programs.net_metering.settle import Month, Settlement, settle
from meterbook.engine.rates.components.demand.lookback import highest_before, highest_in_year
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.intervals.demand import Window, demand
from meterbook.engine.rates.intervals.energy import energy
from meterbook.engine.rates.intervals.facts import by_bill, facts, needs_of
from meterbook.engine.rates.intervals.readings import Readings, by_month, readings
from meterbook.engine.rates.language.needs import EnergyNeed
from meterbook.engine.rates.tariff import Tariff, Version
from meterbook.engine.trace import Step

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_EXACT = Context(prec=60)
#: Weekday hours at which periods of two months are held to be of the same time of day.
SAME_TIME = (0, 5, 11, 17)
Facts = dict[str, Decimal | str | None]


@dataclass(frozen=True, slots=True)
class MonthBill:
    """A calendar month, or the part of one that has readings: exact dollars by component, and the bank after it."""

    starts: date
    ends: date
    dollars: Mapping[str, Decimal]
    bank: Bank
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class _Year:
    """Everything that is known of all months before any is priced."""

    tariff: Tariff
    rule: Rule | None
    readings: Readings
    periods: Mapping[int, tuple[date, date]]
    sums: Mapping[int, NetEnergy]
    peaks: Mapping[int, Facts]
    facts: Mapping[int, Facts]

    def version(self, group: int) -> Version:
        return self.tariff.version_at(self.periods[group][0])


def months(
    tariff: Tariff,
    steps: pl.DataFrame,
    *,
    minutes: int,
    rule: Rule | None = None,
    window: int | None = None,
    unmeasured: Sequence[str] = (),
) -> Iterator[MonthBill]:
    """Price every calendar month of ``steps`` in order.

    ``steps`` has ``start`` (naive local standard time), ``import`` and ``export`` (Int64 billionths of a kWh) every
    ``minutes``. ``rule`` says what exports earn (``None``: nothing); demand is averaged over ``window`` minutes, where
    readings make these up. Facts that no interval tells (``unmeasured``: kVAR, demand at the system's peak) are 0. The
    tariff must be of one version over the readings. Raises `IntervalProblem` and what `amounts` raises.
    """
    year = _gathered(tariff, steps, minutes, rule, window, unmeasured)
    bank, before, so_far = Bank(), None, dict[int, list[Decimal]]()
    for group in year.periods:
        hours = _hours(year, group)
        carry: Carry = {} if before is None else same_time_of_day(before, hours)
        with localcontext(_EXACT):
            done = _month(year, group, bank, carry, so_far.setdefault(group // 100, []))
        yield done
        bank, before = done.bank, hours


def _gathered(
    tariff: Tariff, steps: pl.DataFrame, minutes: int, rule: Rule | None, window: int | None, unmeasured: Sequence[str]
) -> _Year:
    """Readings netted within steps, energy by period, demand and the tariff's own facts, for all months at once."""
    framed = net_within_steps(steps, rule).with_columns(by_month(steps["start"]))
    found = readings(framed, minutes=minutes, scale=KWH_SCALE)
    days = found.frame.group_by("group").agg(
        pl.col("local").min().dt.date().alias("starts"), pl.col("local").max().dt.date().alias("last")
    )
    periods = {group: (starts, last + timedelta(days=1)) for group, starts, last in days.sort("group").rows()}
    version = tariff.version_at(next(iter(periods.values()))[0])
    placed = found.placed(version.time_of_use)
    named = ("all",) if version.time_of_use is None else version.time_of_use.periods
    imports: dict[int, dict[str, Decimal]] = {group: dict.fromkeys(named, ZERO) for group in periods}
    exports: dict[int, dict[str, Decimal]] = {group: dict.fromkeys(named, ZERO) for group in periods}
    for group, period, taken, given in energy(placed).rows():
        imports[group][period], exports[group][period] = Decimal(taken).scaleb(-9), Decimal(given).scaleb(-9)
    peaks = _peaks(version, found, periods, window)
    known = by_bill(facts(version, found, periods, known=peaks)) if needs_of(version) else {}
    sums = {group: NetEnergy(imports[group], exports[group]) for group in periods}
    return _Year(
        tariff,
        rule,
        found,
        periods,
        sums,
        peaks,
        {group: {**dict.fromkeys(unmeasured, ZERO), **known.get(group, {})} for group in periods},
    )


def _peaks(
    version: Version, found: Readings, periods: Mapping[int, tuple[date, date]], window: int | None
) -> dict[int, Facts]:
    """``kw`` and ``kw_<period>`` of every month; 0 where a period has no hour, and what ratchets look back to."""
    over = Window(window if window and window % found.minutes == 0 else None)
    # Demand comes as millionths of the readings' own unit: a thousandth of a kWh here makes that billionths of a kW.
    fine = replace(found, scale=found.scale // 1000)
    peaks: dict[int, Facts] = {group: {"kw": ZERO} for group in periods}
    for group, _, kw, _ in demand(fine, over, by_period=False).rows():
        peaks[group]["kw"] = Decimal(kw).scaleb(-9)
    seen: dict[int, set[str]] = {group: set() for group in periods}
    for calendar in version.calendars.values():
        for group in periods:
            peaks[group] |= {f"kw_{period}": ZERO for period in calendar.periods}
        for group, period, kw, _ in demand(fine.placed(calendar), over).rows():
            peaks[group][f"kw_{period}"] = Decimal(kw).scaleb(-9)
            seen[group].add(f"kw_{period}")
    history = {(group // 100, group % 100): _number(peaks[group]["kw"]) for group in periods}
    for group in periods:
        for component in version.components:
            _look_back(component.settings, group, history, peaks[group], seen[group])
    return peaks


def _look_back(
    settings: Any, group: int, history: Mapping[tuple[int, int], Decimal], peaks: Facts, seen: set[str]
) -> None:
    """The highest demand a ratchet looks back to. A single year of readings is taken to repeat itself.

    A period that the month does not have is billed no ratchet.
    """
    ratchet = getattr(settings, "ratchet", None)
    if ratchet is None or ratchet.of.determinant is None:
        return
    year, month = group // 100, group % 100
    if settings.quantity.name != "kw" and settings.quantity.name not in seen:
        highest: Decimal | None = ZERO
    elif len(history) == 12 and {at for _, at in history} == set(range(1, 13)):
        of_year = [kw for _, kw in sorted((at, kw) for (_, at), kw in history.items())]
        highest = highest_in_year(of_year, month=month, lookback=ratchet.lookback)
    else:
        highest = highest_before(history, year=year, month=month, lookback=ratchet.lookback)
    peaks[ratchet.of.determinant.name] = highest or ZERO


def _number(value: Decimal | str | None) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


def _hours(year: _Year, group: int) -> list[str]:
    """The month's periods at `SAME_TIME` on a weekday."""
    calendar = year.version(group).time_of_use
    if calendar is None:
        return ["all"] * len(SAME_TIME)
    day = date(group // 100, group % 100, 1)
    while day.weekday() > 4 or day in calendar.holidays_of(day.year):
        day += timedelta(days=1)
    return [calendar.period_at(day, hour * 60) for hour in SAME_TIME]


def _month(year: _Year, group: int, bank: Bank, carry: Carry, so_far: list[Decimal]) -> MonthBill:
    """One month: net, price, settle; priced once more where true-up pays what pricing has left."""
    starts, ends = year.periods[group]
    number = group % 100
    used, net = _known(year, group, bank, carry)
    settles_year = number == 12 and len(so_far) == 11
    used |= {"year_so_far": sum(so_far, ZERO), "settles_year": Decimal(settles_year)}
    lines = _priced(year.tariff, starts, ends, used)
    if year.rule is None:
        done = Settlement(ZERO, ZERO, Bank())
    else:
        charges, earned = _offset_and_earned(year.version(group), lines)
        done = settle(year.rule, Month(number, charges, earned, net), bank=bank)
        if done.paid and year.rule.option != "nem-kwh":
            lines = _priced(year.tariff, starts, ends, used | {"left_dollars": -done.paid})
    so_far.append(_counted(year.version(group), lines))
    return MonthBill(starts, ends, lines, done.bank, done.steps)


def _known(year: _Year, group: int, bank: Bank, carry: Carry) -> tuple[Facts, Netted]:
    """The month's facts as the tariff reads them, and its netting."""
    known: Facts = {**year.facts[group], **year.peaks[group]}
    rule = year.rule or Rule("net-billing")
    net = netted(rule, year.sums[group], bank=bank, carry=carry)
    if rule.nets_the_month:
        for need in needs_of(year.version(group)):
            if isinstance(need, EnergyNeed):
                flow = net.used if need.flow == "import" else net.surplus
                known[need.name] = sum(flow.values(), ZERO) if need.period is None else flow.get(need.period, ZERO)
    known |= {
        "kwh": sum(net.used.values(), ZERO),
        "credit_dollars": bank.dollars,
        "left_kwh": max(bank.total_kwh + net.total, ZERO),
        "left_dollars": ZERO,
    }
    return known, net


def _priced(tariff: Tariff, starts: date, ends: date, known: Facts) -> dict[str, Decimal]:
    """Exact dollars by component, in print order."""
    found = {component.id: ZERO for component in tariff.version_at(starts).components}
    for line in amounts(tariff, starts, ends, known):
        found[line[0]] += line[-1] / HUNDRED
    return found


def _offset_and_earned(version: Version, lines: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """What credits may offset, and what exports earn."""
    for component in version.components:
        if component.keyword == "net_metering":
            settings: Any = component.settings
            return (sum((lines[name] for name in settings.offsets), ZERO),
                    -sum((lines[name] for name in settings.earned), ZERO))  # fmt: skip
    return ZERO, -lines.get("exports", ZERO)


def _counted(version: Version, lines: Mapping[str, Decimal]) -> Decimal:
    """What this month adds to a yearly minimum's base: its lines, a bill below nothing counting as nothing."""
    for component in version.components:
        if any(fact.name == "year_so_far" for fact in component.determinants()):
            formula = getattr(component.settings, "amount", None)
            names = () if formula is None else formula.components
            return max(sum((lines[name] for name in names), ZERO), ZERO)
    return ZERO
