"""Faults planted in the price modules of time of use and real time: every bill that one changes is held."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from random import Random

import polars as pl
import pytest

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, parse_tariff

FIRST = date(2024, 1, 1)
PERIODS = ("day", "eve", "night")
NAMES = [*(f"kwh_{name}" for name in PERIODS), "kwh_tier_1", "kwh_tier_2", "kwh_tier_3", "kwh", "export_kwh"]

#: name: module, what stands there, what stands there instead
FAULTS: dict[str, tuple[str, str, str]] = {
    "adjustment forgotten": ("time_of_use", "more + price", "price"),
    "daily ends for one day": ("time_of_use", "end, days)", "end)"),
    "ends per kW as written": ("time_of_use", "count=self.kw", "count=None"),
    "a lower end takes from the tier before": ("time_of_use", "top.zip_with(top > before, before)", "top"),
    "the last tier without the rest": ("time_of_use", "before = used\n", "pass\n"),
    "shares cut off": (
        "time_of_use",
        "half_up(wide(energy) * wide(each), under)",
        "wide(energy) * wide(each) // under",
    ),
    "shares added twice": (
        "time_of_use",
        "(upto - before).cast(pl.Int64))\n            before = upto",
        "(upto - before).cast(pl.Int64))\n            before = upto - before",
    ),
    "tiers of the period's own energy": (
        "time_of_use",
        "one.reached(period, total)",
        "one.reached(period, energy)",
    ),
    "all energy without the last period": ("time_of_use", "in energies[1:]", "in energies[1:-1]"),
    "tier totals not added up": ("time_of_use", "running[-1] + filled if running else filled", "filled"),
    "empty parts printed": ("time_of_use", "keep=quantity != 0", "keep=quantity >= 0"),
    "a tier at the price of the next": (
        "time_of_use",
        "price = one.price(tier)",
        "price = one.price(settings.parts()[part % len(settings.parts())][3])",
    ),
    "losses forgotten": ("real_time", "times(value, factor,", "times(value, 10**8,"),
    "the whole value in every part": (
        "real_time",
        "slices.until - slices.first, settings.sign",
        "slices.days, settings.sign",
    ),
    "what is fed in is charged": ("real_time", "charged=charged) * settings.sign", "charged=charged)"),
    "average of the days charged": (
        "real_time",
        "times(quantity, slices.days)",
        "times(quantity, slices.until - slices.first)",
    ),
    "value without energy forgotten": ("real_time", "(quantity != 0) | (over != wide(0))", "quantity != 0"),
    "adder forgotten": ("real_time", "prorate.at_price(quantity, adder)", "prorate.at_price(quantity * 0, adder)"),
}

EVERY = """\
schedule: TOU
title: {en: Every, es: Todo}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""
VERSION = """\
  - version: "NUMBER"
    effective: EFFECTIVE
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}
    proration: {normal_days: 30, tolerance: [28, 31], usage_decimals: 2, tier_decimals: 1, source: s}
    time_of_use:
      source: s
      periods:
        day: {when: [{days: weekdays, from: "08:00", until: "20:00"}]}
        eve: {label: {en: Evening, es: Tarde}, when: [{from: "20:00", until: "23:00"}]}
        night: {otherwise: true}
    inputs: {kw: {kind: count}}
    components:
      - id: shared
        component: time_of_use
        label: {en: s, es: s}
        revenue: "1"
        tiers_over: shared_pro_rata
        periods:
          day:
            tiers:
              - {up_to: 100, price: "0.11"}
              - {up_to: "400.5", price: "0.13", adjustment: "0.007"}
              - {price: "0.2"}
          eve: {tiers: [{up_to: 200, price: "0.21"}, {price: "0.31", adjustment: "-0.0123"}]}
          night: {price: "0.07", adjustment: "0.01"}
      - id: own
        component: time_of_use
        label: {en: o, es: o}
        revenue: "1"
        tiers_over: per_period
        tier_unit: kwh_per_kw
        demand: kw
        periods:
          day: {tiers: [{up_to: "20 + kw", price: "0.11"}, {up_to: "3 * kw", price: "0.12"}, {price: "0.2"}]}
          eve: {tiers: [{up_to: 10, price: "0.21"}, {price: "0.31"}]}
          night: {price: "0.07"}
      - id: daily
        component: time_of_use
        label: {en: d, es: d}
        revenue: "1"
        tiers_over: shared_pro_rata
        tier_unit: kwh_daily
        periods:
          day: {tiers: [{up_to: "10.5", price: "0.11"}, {price: "0.2"}]}
          eve: {tiers: [{up_to: "10.5", price: "0.21"}, {price: "0.31"}]}
          night: {tiers: [{up_to: "10.5", price: "0.41"}, {price: "0.51"}]}
      - id: os
        component: time_of_use
        label: {en: p, es: p}
        revenue: "1"
        tiers_over: openstudio
        periods:
          day: {tiers: [{up_to: 100, price: "0.11"}, {up_to: 400, price: "0.13"}, {price: "0.2"}]}
          eve: {tiers: [{up_to: 200, price: "0.21"}, {price: "0.31"}]}
          night: {price: "0.07"}
      - id: m
        component: real_time
        label: {en: m, es: m}
        revenue: "1"
        series: s
        loss_factor: "1.03"
        adder: "0.01"
      - {id: x, component: real_time, label: {en: x, es: x}, revenue: "1", series: s, flow: export, adder: "0.002"}
"""


@pytest.fixture(scope="module")
def planted() -> tuple[Tariff, pl.DataFrame, pl.DataFrame]:
    """A tariff of two versions, bills around its change, and the lines on which the gate finds nothing."""
    text = EVERY
    for number, effective in enumerate([FIRST, date(2024, 3, 11)]):
        text += VERSION.replace("NUMBER", str(number)).replace("EFFECTIVE", str(effective))
    tariff, random, listed = parse_tariff(text, file="every.yaml"), Random(20261121), []
    for _ in range(150):
        first = FIRST + timedelta(days=random.randrange(100))
        loads = ["0", "0.000001", str(random.randrange(900)), f"{random.randrange(300)}.123457"]
        known: dict[str, Decimal | str | None] = {name: Decimal(random.choice(loads)) for name in NAMES}
        known["kwh"], known["export_kwh"] = (Decimal(random.choice(["0", "0.5", "812.25"])) for _ in "ab")
        known["kw"] = Decimal(random.choice(["0", "4.5", "12", "39.95"]))
        known["value_s"], known["export_value_s"] = (Decimal(random.randrange(-500, 90000)).scaleb(-3) for _ in "ab")
        listed.append((first, first + timedelta(days=random.choice([1, 15, 28, 30, 31, 34, 45])), known))
    frame = bills_frame(tariff, listed)
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    return tariff, frame, lines


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_held(name: str, planted: tuple[Tariff, pl.DataFrame, pl.DataFrame]) -> None:
    """Every bill that a fault in the column face changes is held, and no other."""
    tariff, frame, right = planted
    kind, old, new = FAULTS[name]
    module = import_module(f"meterbook.engine.rates.components.{kind}.price")
    source = Path(str(module.__file__)).read_text()
    assert old in source
    exec(compile(source.replace(old, new), name, "exec", dont_inherit=True), module.__dict__)
    try:
        lines = price(tariff, frame)
    finally:
        exec(compile(source, kind, "exec", dont_inherit=True), module.__dict__)
    by_row = [{key: part for (key,), part in each.partition_by("row", as_dict=True).items()} for each in (right, lines)]
    affected = {row for row in frame["row"]
                if not by_row[0].get(row, right.clear()).equals(by_row[1].get(row, right.clear()))}  # fmt: skip
    assert affected, f"{name}: changes no bill"
    assert {held.row for held in disagreements(tariff, frame, lines)} == affected
