"""Energy by time of use: both faces on drawn tariffs, the conventions of other calculators from the same intervals."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.intervals.demand import Window
from meterbook.engine.rates.intervals.facts import by_bill, facts
from meterbook.engine.rates.intervals.readings import IntervalProblem, Readings, by_month, readings
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff

FIRST = date(2024, 1, 1)
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "oshpxml"
HEAD = """\
schedule: TOU
title: {en: Random, es: Aleatorio}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""
SOURCE = "    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}\n"


def version(name: str, effective: date, hours: str, components: Sequence[str], rule: str = "") -> str:
    rule = rule or "{normal_days: 30, tolerance: [28, 31], usage_decimals: 6, source: s}"
    return (f'  - version: "{name}"\n    effective: {effective}\n{SOURCE}    proration: {rule}\n    time_of_use:\n'
            f"      source: s\n{hours}    components:\n{''.join(components)}")  # fmt: skip


def component(identity: str, body: str, kind: str = "time_of_use") -> str:
    return (f"      - {{id: {identity}, component: {kind}, label: {{en: {identity}, es: {identity}}}, "
            f'revenue: "1", {body}}}\n')  # fmt: skip


HOURS = """\
      periods:
        day: {when: [{days: weekdays, from: "08:00", until: "20:00"}]}
        eve: {label: {en: Evening, es: Tarde}, when: [{from: "20:00", until: "23:00"}]}
        night: {otherwise: true}
"""
PERIODS = ("day", "eve", "night")


def _decimal(low: int, high: int, places: int) -> st.SearchStrategy[str]:
    return st.integers(low * 10**places, high * 10**places).map(lambda value: f"{Decimal(value).scaleb(-places):f}")


prices = st.one_of(_decimal(-3, 9, 2), _decimal(-1, 1, 8))
usages = st.one_of(_decimal(0, 3000, 0), _decimal(0, 3000, 3), _decimal(0, 2, 6), st.just("0")).map(Decimal)


@st.composite
def tier_lists(draw: st.DrawFn, ends: Sequence[int] | None = None) -> str:
    if ends is None:
        ends = sorted(draw(st.sets(st.integers(1, 900), max_size=2)))
    tiers = [f'{{up_to: "{Decimal(end) / 2}", price: "{draw(prices)}"}}' for end in ends]
    last = f'{{price: "{draw(prices)}", adjustment: "{draw(prices)}"}}'
    return "[" + ", ".join([*tiers, last]) + "]"


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    text = HEAD
    starts = [FIRST, *sorted(FIRST + timedelta(days=day) for day in draw(st.sets(st.integers(1, 90), max_size=1)))]
    for number, effective in enumerate(starts):
        found = []
        for convention in ("shared_pro_rata", "per_period", "chronological", "openstudio"):
            unit = draw(st.sampled_from(["kwh", "kwh_per_kw", "kwh_daily", "kwh_per_kw_daily"]))
            more = ", demand: kw" if "per_kw" in unit else ""
            if not unit.endswith("daily"):
                more += f", widths: {draw(st.sampled_from(['by_days', 'as_written']))}"
            listed = ", ".join(f"{name}: {{tiers: {draw(tier_lists())}}}" for name in PERIODS[:2])
            listed += f', night: {{price: "{draw(prices)}"}}'
            found.append(
                component(convention, f"tiers_over: {convention}, tier_unit: {unit}{more}, periods: {{{listed}}}")
            )
        formula = 'day: {price: "0.1 * kw", quantity: "kw * 3"}, eve: {price: 0.2}, night: {price: 0}'
        found.append(component("plain", f"periods: {{{formula}}}"))
        decimals = draw(st.integers(0, 3))
        rule = (
            f"{{normal_days: 30, tolerance: [{draw(st.integers(25, 30))}, 33], usage_decimals: {decimals}, source: s}}"
        )
        block = version(str(number), effective, HOURS, found, rule)
        text += block.replace("    components:", "    inputs: {kw: {kind: count}}\n    components:")
    return parse_tariff(text, file="random.yaml")


periods = st.tuples(st.integers(0, 110), st.integers(1, 60)).map(
    lambda one: (FIRST + timedelta(days=one[0]), FIRST + timedelta(days=sum(one)))
)


@st.composite
def bills(draw: st.DrawFn) -> tuple[date, date, dict[str, Decimal]]:
    first, after = draw(periods)
    names = [f"kwh_{name}" for name in PERIODS]
    names += [f"kwh_{name}_tier_{tier}" for name in PERIODS for tier in (1, 2, 3)]
    names += [f"kwh_tier_{tier}" for tier in (1, 2, 3)]
    return first, after, {"kw": draw(_decimal(0, 40, 1).map(Decimal)), **{name: draw(usages) for name in names}}


@settings(max_examples=60, deadline=None)
@given(tariff=tariffs(), listed=st.lists(bills(), min_size=1, max_size=6))
def test_both_faces_agree(tariff: Tariff, listed: list[tuple[date, date, dict[str, Decimal]]]) -> None:
    frame = bills_frame(tariff, listed)
    assert disagreements(tariff, frame, price(tariff, frame)) == []


@settings(max_examples=40, deadline=None)
@given(tariff=tariffs(), bill=bills())
def test_a_periods_tiers_sum_to_its_energy(tariff: Tariff, bill: tuple[date, date, dict[str, Decimal]]) -> None:
    first, after, known = bill
    lines = amounts(tariff, starts=first, ends=after, determinants=known)
    for convention in ("shared_pro_rata", "per_period"):
        used = sum((line[7] for line in lines if line[0] == convention), Decimal(0))
        assert used == sum(known[f"kwh_{name}"] for name in PERIODS)


@settings(max_examples=20, deadline=None)
@given(tariff=tariffs(), bill=bills())
def test_every_line_explains_itself(tariff: Tariff, bill: tuple[date, date, dict[str, Decimal]]) -> None:
    for line in explain(tariff, starts=bill[0], ends=bill[1], determinants=bill[2]).lines:
        words = [step.words(str) for step in line.steps()]
        assert len(words) >= 3
        assert all("{" not in sentence for sentence in words)


REFUSED = {
    "no convention": ("day: {tiers: [{up_to: 5, price: 1}, {price: 2}]}, eve: {price: 1}, night: {price: 1}",
                      "expected the key 'tiers_over': shared_pro_rata, per_period, chronological, openstudio"),
    "no tiers": ("day: {price: 1}, eve: {price: 1}, night: {price: 1}}, tiers_over: {", "found a mapping"),
    "a period missing": ("day: {price: 1}, eve: {price: 1}", "found no price of night"),
    "an unknown period": ("day: {price: 1}, eve: {price: 1}, night: {price: 1}, noon: {price: 1}", "the period noon"),
    "both": ("day: {price: 1, tiers: [{price: 1}]}, eve: {price: 1}, night: {price: 1}", "either 'price' or 'tiers'"),
    "no demand": ("day: {price: 1}, eve: {price: 1}, night: {price: 1}}, tier_unit: kwh_per_kw, flow: {", "'demand'"),
    "bounds": ("day: {tiers: [{up_to: 5, price: 1}, {up_to: 5, price: 1}, {price: 2}]}, eve: {price: 1}, "
               "night: {price: 1}}, tiers_over: per_period, flow: {", "more than 5, the bound of the tier before"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_what_has_no_price_or_two_is_refused(case: tuple[str, str]) -> None:
    body, words = case
    with pytest.raises(TariffError) as refused:
        parse_tariff(HEAD + version("1", FIRST, HOURS, [component("e", f"periods: {{{body}}}")]), file="t.yaml")
    assert words in str(refused.value)


def test_hours_are_needed() -> None:
    text = HEAD + version("1", FIRST, HOURS, [component("e", "periods: {day: {price: 1}}")])
    with pytest.raises(TariffError, match="the key 'time_of_use' in this version"):
        parse_tariff(text.replace(f"    time_of_use:\n      source: s\n{HOURS}", ""), file="t.yaml")


def months(year: int) -> dict[int, tuple[date, date]]:
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return {year * 100 + at + 1: (starts[at], starts[at + 1]) for at in range(12)}


def year_of(loads: Sequence[int], year: int) -> Readings:
    start = datetime.fromisoformat(f"{year}-01-01")
    column = pl.Series("start", [start + timedelta(hours=at) for at in range(len(loads))])
    frame = pl.DataFrame({"start": column, "group": by_month(column), "import": loads})
    return readings(frame, minutes=60)


def monthly(tariff: Tariff, one: Readings, year: int) -> list[Decimal]:
    """Unrounded dollars of every month, from the intervals; both faces must agree."""
    periods_of = months(year)
    gathered = by_bill(facts(tariff.versions[0], one, periods_of))
    listed = [(*periods_of[group], gathered[group]) for group in periods_of]
    frame = bills_frame(tariff, listed)
    assert disagreements(tariff, frame, price(tariff, frame)) == []
    return [sum((line[9] for line in amounts(tariff, *bill)), Decimal(0)) / 100 for bill in listed]


ROWS = [["a*8 b*9 c*7"] * 4 + ["a*7 c*12 b*5"] * 5 + ["a*24"] + ["b*13 a*11"] * 2, ["a*24"] * 6 + ["a*12 c*12"] * 6]


def schedule(names: str, tables: Sequence[Sequence[str]]) -> str:
    """Hours by months, as a version has them."""
    weekdays, weekends = (", ".join(f'"{row}"' for row in rows) for rows in tables)
    periods = ", ".join(f"{name}: {{}}" for name in names)
    return (f"      periods: {{{periods}}}\n      schedule:\n        weekdays: [{weekdays}]\n"
            f"        weekends: [{weekends}]\n")  # fmt: skip


SCHEDULE = schedule("abc", ROWS)
#: What upper ends are written in, as PySAM numbers it, with two ends.
UNITS = [("kwh", [300, 700]), ("kwh_per_kw", [100, 220]), ("kwh_daily", [9, 25]), ("kwh_per_kw_daily", [4, 7])]


@pytest.mark.skipif(importlib.util.find_spec("PySAM") is None, reason="NREL-PySAM is not installed")
@pytest.mark.parametrize("convention", ["shared_pro_rata", "chronological"])
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit[0])
def test_tiers_over_hours_are_those_of_pysam(unit: tuple[str, list[int]], convention: str) -> None:
    """PySAM shares tiers pro rata where it meters net (0, 1) and fills them by the clock where it does not (2 to 4).

    2018 begins on a Monday, as PySAM's year does. Every month within a hundredth of a cent.
    """
    word, ends = unit
    random = Random(f"tou {word}")
    loads = [random.randrange(0, 5_000_000) for _ in range(8760)]
    table = {name: [Decimal(random.randrange(1000, 90000)).scaleb(-5) for _ in range(3)] for name in "abc"}
    listed = ", ".join(
        f'{name}: {{tiers: [{{up_to: {ends[0]}, price: "{each[0]}"}}, {{up_to: {ends[1]}, price: "{each[1]}"}}, '
        f'{{price: "{each[2]}"}}]}}'
        for name, each in table.items()
    )
    more = ", demand: kw" if "per_kw" in word else ""
    more += "" if word.endswith("daily") else ", widths: as_written"
    body = f"tiers_over: {convention}, tier_unit: {word}{more}, periods: {{{listed}}}"
    tariff = parse_tariff(HEAD + version("1", date(2018, 1, 1), SCHEDULE, [component("e", body)]), file="sam.yaml")
    mine = monthly(tariff, year_of(loads, 2018), 2018)
    matrix = [
        [place, tier, [*ends, 1e38][tier - 1], [word for word, _ in UNITS].index(word), float(each[tier - 1]), 0]
        for place, each in enumerate(table.values(), start=1)
        for tier in (1, 2, 3)
    ]
    for metering in (0, 1) if convention == "shared_pro_rata" else (2, 3, 4):
        theirs = pysam(loads, matrix, metering)
        assert max(abs(float(one) - other) for one, other in zip(mine, theirs, strict=True)) < 1e-4
    assert len({round(dollars) for dollars in mine}) > 6


#: Blocks of hours use and, within the first, blocks of kWh: end, unit as PySAM numbers it, dollars. The first row only
#: opens its block.
BLOCKS = [(150.0, 1, 0.9), (600.0, 0, 0.11), (1500.0, 0, 0.08), (9000.0, 0, 0.07), (300.0, 1, 0.04), (500.0, 1, 0.03),
          (1e38, 1, 0.02)]  # fmt: skip
ENDS = ["min(600, 150 * kw)", "min(1500, 150 * kw)", "min(9000, 150 * kw)", "300 * kw", "500 * kw"]


@pytest.mark.skipif(importlib.util.find_spec("PySAM") is None, reason="NREL-PySAM is not installed")
@pytest.mark.parametrize("convention", ["shared_pro_rata", "chronological"])
@pytest.mark.parametrize("size", [1, 12])
def test_blocks_within_hours_use_are_formulas(size: int, convention: str) -> None:
    """PySAM's mixed units, as Georgia Power's PLL rates have them; at twelve times the load other blocks are full."""
    random = Random(5)
    loads = [size * random.randrange(0, 18_000_000) for _ in range(8760)]
    listed = []
    for at, name in enumerate("abc", start=1):
        tiers = [f'{{price: "{dollars * at:.2f}"' + (f', up_to: "{end}"}}' if end else "}")
                 for (_, _, dollars), end in zip(BLOCKS[1:], [*ENDS, ""], strict=True)]  # fmt: skip
        listed.append(f"{name}: {{tiers: [{', '.join(tiers)}]}}")
    body = f"tiers_over: {convention}, widths: as_written, periods: {{{', '.join(listed)}}}"
    text = HEAD + version("1", date(2018, 1, 1), SCHEDULE, [component("e", body)])
    text = text.replace("    components:", "    inputs: {kw: {kind: count}}\n    components:")
    mine = monthly(parse_tariff(text, file="pll.yaml"), year_of(loads, 2018), 2018)
    matrix = [[place, tier, end, unit, dollars * place, 0] for place in (1, 2, 3)
              for tier, (end, unit, dollars) in enumerate(BLOCKS, start=1)]  # fmt: skip
    theirs = pysam(loads, matrix, 0 if convention == "shared_pro_rata" else 2)
    assert max(abs(float(one) - other) for one, other in zip(mine, theirs, strict=True)) < 1e-4


@pytest.mark.skipif(importlib.util.find_spec("PySAM") is None, reason="NREL-PySAM is not installed")
def test_energy_at_hourly_prices_is_that_of_pysam() -> None:
    random = Random(21)
    loads = [random.randrange(0, 5_000_000) for _ in range(8760)]
    series = [random.randrange(-4_000_000, 30_000_000) for _ in range(8760)]
    text = HEAD + MARKET.format(number=1, day="2018-01-01", decimals=6, loss="1", adder="0")
    tariff, one, periods_of = parse_tariff(text, file="market.yaml"), year_of(loads, 2018), months(2018)
    at_hours = pl.DataFrame({"start": one.frame.sort("start")["start"], "price": series})
    gathered = by_bill(facts(tariff.versions[0], one, periods_of, prices={"s": at_hours}))
    mine = [sum((line[9] for line in amounts(tariff, *each, gathered[group])), Decimal(0)) / 100
            for group, each in periods_of.items()]  # fmt: skip
    matrix = [[place, 1, 1e38, 0, 0.0, 0] for place in (1, 2, 3)]
    theirs = pysam(loads, matrix, 2, [cents / 1e8 for cents in series])
    assert max(abs(float(one) - other) for one, other in zip(mine, theirs, strict=True)) < 1e-4
    assert min(theirs) > 10


def pysam(
    loads: Sequence[int], matrix: list[list[float]], metering: int, hourly: Sequence[float] | None = None
) -> list[float]:
    """PySAM's dollars of energy, month by month; the matrix has period, tier, end, unit, price, sell price."""
    from PySAM import Utilityrate5

    model = Utilityrate5.new()
    model.Lifetime.analysis_period, model.Lifetime.inflation_rate = 1, 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.gen, model.SystemOutput.degradation = [0.0] * 8760, [0.0]
    model.Load.load = [load / 1e6 for load in loads]
    rates: Any = model.ElectricityRates
    rates.en_electricity_rates, rates.rate_escalation, rates.ur_metering_option = 1, [0.0], metering
    rates.ur_monthly_fixed_charge = rates.ur_monthly_min_charge = rates.ur_annual_min_charge = 0
    rates.ur_nm_yearend_sell_rate = rates.ur_dc_enable = rates.ur_en_ts_sell_rate = 0
    rates.ur_en_ts_buy_rate, rates.ur_ts_buy_rate = int(hourly is not None), list(hourly or [0.0] * 8760)
    rates.ur_ec_sched_weekday, rates.ur_ec_sched_weekend = ([_hours(row) for row in rows] for rows in ROWS)
    rates.ur_ec_tou_mat = matrix
    model.execute()
    return list(model.Outputs.year1_monthly_ec_charge_with_system)


def _hours(row: str) -> list[int]:
    words = [word.split("*") for word in row.split()]
    return [" abc".index(name) for name, times in words for _ in range(int(times))]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/oshpxml is not beside this checkout")
def test_openstudio_bills_its_own_sample() -> None:
    """OpenStudio-HPXML's tests print 377 dollars of energy for a year of this load; its year begins on a Monday."""
    rate = json.loads((SHARED / "Sample Tiered Time-of-Use Rate.json").read_text())
    rate = rate["items"][0] if "items" in rate else rate
    with (SHARED / "data.csv").open() as file:
        loads = [int(Decimal(row["Electricity [kWh]"]).scaleb(6)) for row in csv.DictReader(file)]
    tables = [[" ".join("ab"[at] for at in row) for row in rate[f"energy{days}schedule"]]
              for days in ("weekday", "weekend")]  # fmt: skip
    hours = schedule("ab", tables)

    def dollars(convention: str) -> Decimal:
        tiers = [
            ", ".join(f'{{price: "{tier["rate"]}"' + (f', up_to: {tier["max"]}}}' if "max" in tier else "}")
                      for tier in each)
            for each in rate["energyratestructure"]
        ]  # fmt: skip
        body = (f"tiers_over: {convention}, widths: as_written, periods: {{a: {{tiers: [{tiers[0]}]}}, "
                f"b: {{tiers: [{tiers[1]}]}}}}")  # fmt: skip
        tariff = parse_tariff(HEAD + version("1", date(2007, 1, 1), hours, [component("e", body)]), file="os.yaml")
        return sum(monthly(tariff, year_of(loads, 2007), 2007), Decimal(0))

    assert abs(dollars("openstudio") - 377) <= 1
    by_clock, shared = dollars("chronological"), dollars("shared_pro_rata")
    assert by_clock != shared
    assert abs(by_clock - shared) < 5


MARKET = """\
  - version: "{number}"
    effective: {day}
    source: {{utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}}
    proration: {{normal_days: 30, tolerance: [28, 31], usage_decimals: {decimals}, source: s}}
    components:
      - id: m
        component: real_time
        label: {{en: m, es: m}}
        revenue: "1"
        series: s
        loss_factor: "{loss}"
        adder: "{adder}"
      - {{id: x, component: real_time, label: {{en: x, es: x}}, revenue: "1", series: s, flow: export}}
"""


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_both_faces_agree_on_market_energy(data: st.DataObject) -> None:
    text = HEAD
    days = sorted(data.draw(st.sets(st.integers(1, 90), max_size=2)))
    for number, day in enumerate([FIRST, *(FIRST + timedelta(days=each) for each in days)]):
        loss, adder = data.draw(_decimal(1, 2, 8)), data.draw(prices)
        text += MARKET.format(number=number, day=day, decimals=data.draw(st.integers(0, 3)), loss=loss, adder=adder)
    tariff = parse_tariff(text, file="market.yaml")
    values = _decimal(-500, 900, 6).map(Decimal)
    energies = st.one_of(_decimal(1, 900, 0), _decimal(1, 900, 6), st.just("0")).map(Decimal)
    listed = [
        (*data.draw(periods), {"kwh": data.draw(energies), "value_s": data.draw(values),
                               "export_kwh": data.draw(energies), "export_value_s": data.draw(values)})
        for _ in range(4)
    ]  # fmt: skip
    frame = bills_frame(tariff, listed)
    assert disagreements(tariff, frame, price(tariff, frame)) == []
    for first, after, known in listed:
        explained = explain(tariff, starts=first, ends=after, determinants=known)
        assert all(step.words(str) for line in explained.lines for step in line.steps())


def test_a_sliver_of_energy_is_billed_and_has_no_price_of_one_unit() -> None:
    tariff = parse_tariff(HEAD + MARKET.format(number=1, day=FIRST, decimals=0, loss="1", adder="0.01"), file="m")
    known = {
        "kwh": Decimal("0.000001"),
        "value_s": Decimal("12.50"),
        "export_kwh": Decimal(0),
        "export_value_s": Decimal(0),
    }
    bill = (FIRST, FIRST + timedelta(days=30), known)
    frame = bills_frame(tariff, [bill])
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    assert lines.filter(pl.col("amount") == 1250)["price"].to_list() == [0]
    first = explain(tariff, starts=bill[0], ends=bill[1], determinants=known).lines[0]
    assert not any("on average" in step.message for step in first.steps())


def test_market_energy_comes_from_intervals() -> None:
    tariff = parse_tariff(HEAD + MARKET.format(number=1, day=FIRST, decimals=0, loss="1.05", adder="0.01"), file="m")
    start = datetime.fromisoformat("2024-01-31T22:00")
    column = pl.Series("start", [start + timedelta(hours=at) for at in range(4)])
    one = readings(pl.DataFrame({"start": column, "group": by_month(column), "import": [10**6] * 4,
                                 "export": [0, 0, 2 * 10**6, 0]}), minutes=60)  # fmt: skip
    series = pl.DataFrame({"start": column, "price": [5_000_000, 6_000_000, -1_000_000, 7_500_000]})
    periods_of = {group: each for group, each in months(2024).items() if group < 202403}
    found = by_bill(facts(tariff.versions[0], one, periods_of, prices={"s": series}))
    assert found[202402] == {"value_s": Decimal("0.065"), "kwh": Decimal(2), "export_value_s": Decimal("-0.02"),
                             "export_kwh": Decimal(2)}  # fmt: skip
    assert found[202401]["value_s"] == Decimal("0.11")


NAMED = """\
  - version: "1"
    effective: 2024-01-01
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}
    proration: {normal_days: 30, tolerance: [28, 31], usage_decimals: 0, source: s}
    time_of_use:
      source: s
      periods:
        day: {when: [{days: weekdays, from: "08:00", until: "20:00"}]}
        night: {otherwise: true}
    calendars:
      grid: {source: s, periods: {peak: {when: [{from: "17:00", until: "18:00"}]}, other: {otherwise: true}}}
    components:
      - id: e
        component: time_of_use
        label: {en: e, es: e}
        revenue: "1"
        tiers_over: chronological
        tier_unit: kwh_per_kw
        demand: kw
        periods: {day: {tiers: [{up_to: 2, price: 1}, {price: 2}]}, night: {price: 1}}
      - {id: d, component: demand, label: {en: d, es: d}, revenue: "1", quantity: kw_peak, price: 1}
      - {id: x, component: per_unit, label: {en: x, es: x}, revenue: "1", quantity: export, price: -1}
      - {id: u, component: per_unit, label: {en: u, es: u}, revenue: "1", quantity: usage, price: 1}
"""


def test_facts_are_known_by_their_names() -> None:
    """Monday, 1 January 2024: 4 kWh an hour from 16:00 to 20:00, in halves of 1 and 3; half of it fed in again."""
    tariff = parse_tariff(HEAD + NAMED, file="named.yaml")
    start = datetime.fromisoformat("2024-01-01T16:00")
    column = pl.Series("start", [start + timedelta(minutes=30 * at) for at in range(8)])
    one = readings(pl.DataFrame({"start": column, "group": by_month(column), "import": [10**6, 3 * 10**6] * 4,
                                 "export": [2 * 10**6] * 8}), minutes=30)  # fmt: skip
    periods_of = {202401: months(2024)[202401]}
    assert by_bill(facts(tariff.versions[0], one, periods_of, window=Window(60, decimals=0)))[202401] == {
        "kw": 4, "kw_peak": 4, "export": 16, "usage": 16, "kwh_day_tier_1": 8, "kwh_day_tier_2": 8,
        "kwh_night_tier_1": 0,
    }  # fmt: skip
    assert by_bill(facts(tariff.versions[0], one, periods_of))[202401]["kw_peak"] == 6
    with pytest.raises(IntervalProblem, match="there is no interval in group 202402"):
        facts(tariff.versions[0], one, {**periods_of, 202402: months(2024)[202402]})
