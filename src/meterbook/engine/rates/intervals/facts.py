"""The facts that the charges of a tariff version need from intervals, gathered as determinants of its bills.

A component's settings say what they need by a method ``needs()`` that returns values of `Need`. Other determinants are
known by their names: ``kwh`` (or ``usage``) and ``kw`` of all hours, ``kwh_<period>`` and ``kw_<period>`` of a period
of any of the version's calendars, and ``export_kwh`` (or ``export``), ``export_<period>`` for energy fed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Protocol, runtime_checkable

import polars as pl

from meterbook.engine.rates.fixed_point import half_up, wide
from meterbook.engine.rates.intervals.demand import OWN, Window, demand
from meterbook.engine.rates.intervals.energy import at_prices, energy, energy_in_order, running_tiers
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings
from meterbook.engine.rates.language.calendars import ALL, Calendar
from meterbook.engine.rates.language.expressions import Formula
from meterbook.engine.rates.language.in_decimal import measured, quantity_of
from meterbook.engine.rates.language.needs import DemandNeed, EnergyNeed, Need, TiersNeed, ValueNeed, Widths
from meterbook.engine.rates.spans import MILLIONTH, ONE, Facts, Span
from meterbook.engine.rates.tariff import Version
from meterbook.engine.rates.terms import COUNT_LIMIT

#: Determinants are millionths.
_SCALE = 10**6
_EXACT = Context(prec=60)
Periods = Mapping[int, tuple[date, date]]


@runtime_checkable
class Needing(Protocol):
    """Settings that need facts from intervals."""

    def needs(self) -> Sequence[Need]:
        """What they need."""
        ...


def needs_of(version: Version, window: Window = OWN) -> tuple[Need, ...]:
    """What all charges of a version need from intervals, each determinant once; ``window`` is how demand is metered."""
    found: dict[str, Need] = {}
    stated: list[TiersNeed] = []
    for component in version.components:
        for need in component.settings.needs() if isinstance(component.settings, Needing) else ():
            if isinstance(need, TiersNeed):
                stated.append(need)
            else:
                found.setdefault(need.name, need)
    known = {name for need in stated for _, _, name in need.names}
    for component in version.components:
        for determinant in component.determinants():
            need_by_name = None if determinant.name in known else _by_name(determinant.name, version, window)
            if need_by_name is not None:
                found.setdefault(determinant.name, need_by_name)
    return (*found.values(), *dict.fromkeys(stated))


def _by_name(name: str, version: Version, window: Window) -> EnergyNeed | DemandNeed | None:
    """What a determinant's name says of intervals, if it says anything."""
    totals = {"kwh": "import", "usage": "import", "export_kwh": "export", "export": "export"}
    if name in totals:
        return EnergyNeed(name, None, totals[name])
    kind, _, period = name.partition("_")
    if name != "kw" and not any(period in calendar.periods for calendar in version.calendars.values()):
        return None
    if kind == "kw":
        return DemandNeed(name, period or None, window.minutes, window.sliding, window.decimals, window.mode)
    flow = {"kwh": "import", "export": "export"}.get(kind)
    return None if flow is None else EnergyNeed(name, period, flow)


def facts(version: Version, readings: Readings, periods: Periods, *, window: Window = OWN,
          prices: Mapping[str, pl.DataFrame] | None = None, known: Mapping[int, Facts] | None = None
          ) -> pl.DataFrame:  # fmt: skip
    """``group`` and ``det.<name>`` (Int64 millionths) for everything the version's charges need of intervals.

    ``periods`` has each group's bill (first day, day after): tiers that scale by days need it, and a group without
    any interval is refused. ``window`` is how ``kw`` and ``kw_<period>`` are metered, ``prices`` are the price series
    by name, ``known`` other facts of the bills, where tiers filled over time rest on such (they go before what
    intervals say). A period of use without any interval in a group is 0. Rounded half-up, once.
    """
    gathering = _Gathering(version, readings, periods, prices or {}, known or {})
    missing = set(periods) - set(readings.frame["group"].unique().to_list())
    if missing:
        raise IntervalProblem(f"there is no interval in group {min(missing)}; expected all of its period")
    for need in needs_of(version, window):
        match need:
            case EnergyNeed():
                gathering.add(need.name, gathering.energy(need))
            case DemandNeed():
                gathering.add(need.name, gathering.demand(need))
            case ValueNeed():
                gathering.add(need.name, gathering.value(need))
            case TiersNeed():
                gathering.tiers(need)
    return gathering.frame


def by_bill(frame: pl.DataFrame) -> dict[int, dict[str, Decimal]]:
    """The facts of every group by name, as `explain.amounts` takes them."""
    return {
        row["group"]: {name.removeprefix("det."): Decimal(value).scaleb(-6) for name, value in row.items()
                       if name != "group"}
        for row in frame.to_dicts()
    }  # fmt: skip


class _Gathering:
    """The determinants of one version's bills as they are computed; every calendar is laid over the readings once."""

    def __init__(
        self,
        version: Version,
        readings: Readings,
        periods: Periods,
        prices: Mapping[str, pl.DataFrame],
        known: Mapping[int, Facts],
    ) -> None:
        self.version, self.readings, self.periods, self.prices, self.known = version, readings, periods, prices, known
        self.frame = pl.DataFrame({"group": pl.Series(sorted(periods), dtype=pl.Int64)})
        self.placed: dict[str | None, Readings] = {}
        self.sums: dict[str | None, pl.DataFrame] = {}

    def add(self, name: str, column: pl.DataFrame) -> None:
        """``column`` has group and value; groups it lacks have 0."""
        named = column.select(pl.col("group").cast(pl.Int64), pl.col("value").cast(pl.Int64).alias(f"det.{name}"))
        joined = self.frame.drop(f"det.{name}", strict=False).join(named, on="group", how="left", maintain_order="left")
        self.frame = joined.with_columns(pl.col(f"det.{name}").fill_null(0))

    def millionths(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        value = half_up(wide(frame[column]) * wide(_SCALE), self.readings.scale)
        return frame.select("group", value.alias("value"))

    def laid(self, period: str | None) -> Readings:
        """The readings placed by the calendar that has the period."""
        name, calendar = self.calendar_of(period)
        if name not in self.placed:
            self.placed[name] = self.readings.placed(calendar)
        return self.placed[name]

    def calendar_of(self, period: str | None) -> tuple[str | None, Calendar | None]:
        for name, calendar in self.version.calendars.items():
            if period in calendar.periods:
                return name, calendar
        if period is not None:
            raise IntervalProblem(f"no calendar of version {self.version.version} has the period {period}")
        return None, None

    def energy(self, need: EnergyNeed) -> pl.DataFrame:
        name, _ = self.calendar_of(need.period)
        if name not in self.sums:
            self.sums[name] = energy(self.laid(need.period))
        return self.millionths(self.sums[name].filter(pl.col("period") == (need.period or ALL)), need.flow)

    def demand(self, need: DemandNeed) -> pl.DataFrame:
        window = Window(need.minutes, need.sliding, need.decimals, need.mode)
        found = demand(self.laid(need.period), window, by_period=need.period is not None, flow=need.flow)
        return found.filter(pl.col("period") == (need.period or ALL)).select("group", pl.col("kw").alias("value"))

    def value(self, need: ValueNeed) -> pl.DataFrame:
        if need.series not in self.prices:
            raise IntervalProblem(f"the price series {need.series} is missing")
        return at_prices(self.readings, self.prices[need.series], flow=need.flow)

    def tiers(self, need: TiersNeed) -> None:
        laid = self.laid(need.widths[0][0])
        found_so_far = by_bill(self.frame)
        stated = {group: {**found_so_far[group], **self.known.get(group, {})} for group in self.periods}
        ends = {
            group: {period: self.ends(group, widths, stated[group]) for period, widths in need.widths}
            for group in self.periods
        }
        if need.names[0][0] is None:
            found = running_tiers(laid, ends, flow=need.flow).with_columns(period=pl.lit(ALL))
        else:
            rows = [(group, period, each) for group, mine in ends.items() for period, each in mine.items()]
            bounds = pl.DataFrame(rows, schema={"group": pl.Int64, "period": pl.String, "bounds": pl.List(pl.Int64)},
                                  orient="row")  # fmt: skip
            found = energy_in_order(laid, bounds, flow=need.flow)
        for period, tier, name in need.names:
            mine = found.filter((pl.col("period") == (period or ALL)) & (pl.col("tier") == tier))
            self.add(name, self.millionths(mine, "quantity"))

    def ends(self, group: int, widths: Widths, known: Facts) -> list[int]:
        """The upper ends of tiers on a bill, in units of the readings; none is below the one before."""
        starts, ends = self.periods[group]
        step = ONE.scaleb(-self.version.proration.usage_decimals)
        span = Span("", self.version, starts, ends, starts, ends, step)
        found: list[int] = []
        with localcontext(_EXACT):
            for bound in widths.bounds:
                top = _end(bound, widths, span, known)
                units = int((top * self.readings.scale).to_integral_value(rounding=ROUND_HALF_UP))
                found.append(max([units, *found[-1:]]))
        return found


def _end(bound: Formula, widths: Widths, span: Span, known: Facts) -> Decimal:
    """The upper end in kWh by the rule of the charge's own proration."""
    top = quantity_of(bound, span, known, {}, component="")
    if widths.times is not None:
        top *= measured(widths.times, span, known, {}, component="", limit=COUNT_LIMIT)
    if widths.daily:
        return (top * span.days).quantize(MILLIONTH, rounding=ROUND_HALF_UP)
    if span.whole or not widths.by_days:
        return top.quantize(MILLIONTH, rounding=ROUND_HALF_UP)
    unit = ONE.scaleb(-span.version.proration.tier_decimals)
    return (top * span.days / span.full_days).quantize(unit, rounding=ROUND_HALF_UP)
