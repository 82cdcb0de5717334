"""A year of months under a tariff and a rule: lines and bank agree, parts of months, ratchets, yearly minimums."""

from __future__ import annotations

import doctest
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from meterbook.engine.programs.net_metering import Rule, intervals
from meterbook.engine.programs.net_metering.year import MonthBill, months
from meterbook.engine.rates.intervals.readings import IntervalProblem
from meterbook.engine.rates.tariff import Tariff, parse_tariff

D = Decimal
HEAD = """
schedule: SOLAR
title: {en: Example, es: Ejemplo}
commodity: electricity
unit: kWh
eligibility: {en: Example, es: Ejemplo}
versions:
  - version: "one"
    effective: 2017-01-01
    source: {utility: Alder Bend (invented), resolution: R-1, section: Solar, url: none, adopted: 2016-12-01}
    proration: {normal_days: 30, tolerance: [28, 31], usage_decimals: 6, source: Example}
    time_of_use:
      periods:
        peak: {when: [{days: [weekdays], from: "16:00", until: "20:00"}]}
        off: {otherwise: true}
      source: Example
    components:
      - {id: base, component: fixed, label: {en: B, es: B}, revenue: "1", price: 5, per: period}
      - id: energy
        component: time_of_use
        label: {en: E, es: E}
        revenue: "1"
        periods: {peak: {price: "0.30"}, off: {price: "0.10"}}
"""
EXPORTS = """
      - id: exports
        component: time_of_use
        flow: export
        label: {en: X, es: X}
        revenue: "1"
        periods: {peak: {price: "-0.20"}, off: {price: "-0.05"}}
"""
CREDITS = """
      - id: credits
        component: net_metering
        label: {en: C, es: C}
        revenue: "1"
        option: OPTION
        earned: [exports]
        offsets: [energy]
        brought: credit_dollars
        lines: exact
      - {id: settled, component: true_up, label: {en: T, es: T}, revenue: "1", month: 5, left: left_dollars}
"""
MINIMUM = """
      - id: minimum
        component: formula
        label: {en: M, es: M}
        revenue: "1"
        amount: "settles_year * max(0, 100 - (year_so_far + max(0, exact(base) + exact(energy))))"
"""


def tariff(*parts: str) -> Tariff:
    """The example with more charges."""
    return parse_tariff(HEAD.strip("\n") + "".join(part.rstrip() for part in parts) + "\n", file="solar")


def hours(start: str, kwh: dict[int, tuple[int, int]], count: int) -> pl.DataFrame:
    """``count`` hours from ``start``; ``kwh`` taken and fed in at hours counted from 0."""
    moment = datetime.fromisoformat(start)
    rows = [kwh.get(at, (0, 0)) for at in range(count)]
    return pl.DataFrame(
        {
            "start": [moment + timedelta(hours=at) for at in range(count)],
            "import": [taken * 10**9 for taken, _ in rows],
            "export": [given * 10**9 for _, given in rows],
        }
    )


def priced(of: Tariff, readings: pl.DataFrame, rule: Rule | None = None) -> list[MonthBill]:
    """All months."""
    return list(months(of, readings, minutes=60, rule=rule))


def test_examples_in_docstrings_run() -> None:
    assert doctest.testmod(intervals).failed == 0


@pytest.mark.parametrize("option", ["nem-dollar", "net-billing-carryover"])
def test_the_lines_of_a_bill_say_what_the_bank_says(option: str) -> None:
    """What is carried on is what the next month brings, and the settling month pays the rest."""
    of = tariff(EXPORTS, CREDITS.replace("OPTION", option))
    april = {at: (2, 9 + at % 5) for at in range(30, 700, 7)}
    kwh = april | {30 * 24 + at: (11, 1) for at in range(5, 300, 9)}
    first, second, third = priced(of, hours("2018-04-01T00:00", kwh, 91 * 24), Rule(option, true_up_month=5))  # type: ignore[arg-type]
    credit = sum(first.dollars[name] for name in ("exports", "credits"))
    assert first.bank.dollars > 0 and credit <= 0
    earned = -first.dollars["exports"]
    assert first.bank.dollars == earned + credit
    settled = sum(second.dollars[name] for name in ("exports", "credits", "settled"))
    assert -settled == first.bank.dollars - second.dollars["exports"]
    assert second.bank.empty and third.bank.empty
    assert sum(first.dollars.values()) >= first.dollars["base"]


def test_banked_kwh_follow_the_time_of_day_and_never_lower_the_base() -> None:
    kwh = {9: (0, 100), 24 * 31 + 10: (60, 0)}
    january, february = priced(tariff(), hours("2018-01-01T00:00", kwh, 59 * 24), Rule("nem-kwh"))
    assert (january.dollars["energy"], january.bank.kwh) == (D(0), {"off": D(100)})
    assert (february.dollars["energy"], february.dollars["base"]) == (D(0), D(5))
    assert february.bank.total_kwh == 40
    words = [step.words(str) for step in february.steps]
    assert any("40" in word and "left over" in word for word in words)


def test_a_yearly_minimum_is_asked_with_the_bill_that_completes_the_year_and_not_of_a_part() -> None:
    inputs = "    inputs: {year_so_far: {kind: per_period}, settles_year: {kind: per_period}}\n    components:\n"
    of = parse_tariff((HEAD + MINIMUM).strip("\n").replace("    components:\n", inputs) + "\n", file="solar")
    whole = priced(of, hours("2018-01-01T00:00", {}, 8760))
    assert [bill.dollars["minimum"] for bill in whole] == [D(0)] * 11 + [D(40)]
    part = priced(of, hours("2018-02-01T00:00", {}, 334 * 24))
    assert [bill.dollars["minimum"] for bill in part] == [D(0)] * 11


def test_a_month_in_part_is_charged_by_its_days() -> None:
    (bill,) = priced(tariff(), hours("2018-04-11T00:00", {5: (10, 0)}, 15 * 24))
    assert (bill.starts.isoformat(), bill.ends.isoformat()) == ("2018-04-11", "2018-04-26")
    assert bill.dollars == {"base": D("2.5"), "energy": D(1)}


def test_a_gap_is_refused() -> None:
    readings = hours("2018-04-01T00:00", {}, 100).filter(pl.col("start").dt.hour() != 7)
    with pytest.raises(IntervalProblem, match="2018-04-01 08:00"):
        priced(tariff(), readings)
