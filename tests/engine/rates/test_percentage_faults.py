"""Faults planted in formulas, percentages and discounts, one at a time: the gate holds every bill one changes."""

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

# name: module, what stands there, what stands there instead
FAULTS: dict[str, tuple[str, str, str]] = {
    "formula not prorated": (
        "components.formula.price",
        "prorate.share(slices) if settings.prorate",
        "(1, 1) if True",
    ),
    "once at the first rate": (
        "components.formula.price",
        "slices.until == slices.days",
        "slices.first == 0",
    ),
    "once in every stretch": (
        "components.formula.price",
        "and not settings.rests_on_days and slices.cut",
        "and False",
    ),
    "nothing printed as a line": (
        "components.formula.price",
        "keep = amount != wide(0)",
        "keep = amount == amount",
    ),
    "price of the whole shown for one": (
        "components.formula.price",
        "half_up(times(amount, 100), divisor)",
        "half_up(amount, 10**4)",
    ),
    "quantity of nothing divided": (
        "components.formula.price",
        "price = each * (~none).cast(pl.Int128)",
        "price = each",
    ),
    "percent of a part of the base": (
        "components.percent_of.price",
        "settings.base[1:]",
        "settings.base[2:]",
    ),
    "exemption not by days": (
        "components.percent_of.price",
        "whole if name in settings.as_they_come else over",
        "whole",
    ),
    "exempt below nothing": (
        "components.percent_of.price",
        "base = base.clip(lower_bound=0)",
        "pass",
    ),
    "no exemption": (
        "components.percent_of.price",
        "if settings.exempt is not None",
        "if False",
    ),
    "no cap": (
        "components.percent_of.price",
        "if settings.cap is not None",
        "if False",
    ),
    "credits not capped": (
        "components.percent_of.price",
        "zip_with(~below, wide(0) - most)",
        "zip_with(below == below, value)",
    ),
    "no cap of the year": (
        "components.percent_of.price",
        "if settings.year is not None",
        "if False",
    ),
    "the year's rest in every stretch": (
        "components.percent_of.price",
        "left * slices.until // slices.days - left * slices.first // slices.days",
        "left",
    ),
    "the year's use forgotten": (
        "components.percent_of.price",
        "int(year.cap.scaleb(6)) - used",
        "int(year.cap.scaleb(6)) - used * 0",
    ),
    "discount on a part of the lines": (
        "components.discount.price",
        "settings.of[1:]",
        "settings.of[2:]",
    ),
    "discount on every unit": (
        "components.discount.price",
        "if first is None:",
        "if True:",
    ),
    "first units not by days": (
        "components.discount.price",
        "count=None, slices=slices)",
        "count=None, slices=slices, by=(1, 1))",
    ),
    "lines below the least": (
        "components.discount.price",
        "(times(base, CENT, whole) - least)",
        "times(base, CENT, whole)",
    ),
    "lines below nothing": (
        "components.discount.price",
        "    off = _less(off, (times(base, CENT, whole) - least).clip(lower_bound=0))\n",
        "",
    ),
    "discount without cap": (
        "components.discount.price",
        "if settings.cap is not None",
        "if False",
    ),
    "discount without cap of the year": (
        "components.discount.price",
        "if settings.year is not None",
        "if False",
    ),
    "discount charged": (
        "components.discount.price",
        "Exact(wide(0) - off,",
        "Exact(off,",
    ),
    "dollars off not by days": (
        "components.discount.price",
        "times(price, of(name), CENT // 10**6)",
        "times(price, whole, CENT // 10**6)",
    ),
    "half to even half up": (
        "language.on_columns",
        "(twice > wide(unit)) | ((twice == wide(unit)) & (whole % wide(2) == wide(1)))",
        "twice >= wide(unit)",
    ),
    "a part of a billed unit counts": (
        "language.on_columns",
        "more = rest < wide(0)",
        "more = rest > wide(0)",
    ),
    "a product not carried to twelve decimals": (
        "language.on_columns",
        "half_up(left * right, ONE)",
        "left * right // wide(ONE)",
    ),
    "bands without their ends": (
        "language.on_columns",
        "of <= wide(int(bound.scaleb(12)))",
        "of < wide(int(bound.scaleb(12)))",
    ),
    "defaults for what is stated": (
        "language.on_columns",
        'numbers.fill_null(int(cast("Decimal", one.default).scaleb(6)))',
        'numbers * 0 + int(cast("Decimal", one.default).scaleb(6))',
    ),
    "exact lines rounded": (
        "language.on_columns",
        'return cast("Charged", self.charged).exact[node.component]',
        "return times(self.charged[node.component], ONE // 100)",
    ),
}

HEAD = """\
schedule: FAULTS
title: {en: Every, es: Todo}
commodity: water
unit: ccf
eligibility: {en: All, es: Todos}
versions:
"""
VERSION = """\
  - version: "NUMBER"
    effective: EFFECTIVE
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}
    proration: {normal_days: 30, tolerance: [28, 33], usage_decimals: 1, source: s}
    inputs:
      usage: {kind: usage}
      n: {kind: count}
      spent: {kind: count}
      gallons: {kind: usage, billed: {per: 748, rounding: down}}
      people: {kind: count, default: 3}
    values:
      banded: {of: n, bands: [{up_to: 5, is: 1.25}, {up_to: 9, is: "n / 7"}, {is: 0.5}]}
    components:
"""
CHARGES = """\
id: base, component: fixed, price: 12.34, per: period
id: water, component: per_unit, quantity: usage, price: 1.0501
id: export, component: per_unit, quantity: usage, price: -0.75
id: said, component: formula, amount: n * 0.333333333333 * 1.000000000001 * banded + people
id: once, component: formula, amount: n * 1.5 + 0.01, prorate: false
id: none, component: formula, amount: "if(n > 5, n, 0)"
id: shown, component: formula, amount: usage * 0.37 + n, quantity: usage
id: even, component: formula, amount: "round(n * 0.5, 0, half_even)"
id: gallons, component: per_unit, quantity: gallons, price: 2.22
id: unrounded, component: formula, amount: exact(said) * 100 + line(water)
id: plain, component: percent_of, base: [base, water, said], percent: 7.25
id: exempt, component: percent_of, base: [base, water], percent: 5, exempt: 20
id: capped, component: percent_of, base: [water], percent: 10, cap: 4.44
id: credit, component: percent_of, base: [water], percent: -10, cap: 3.33
id: year, component: percent_of, base: [water], percent: 20, year_cap: {cap: 20.05, so_far: spent}
id: off, component: discount, of: [base, water, said], percent: 20
id: first, component: discount, of: [water], percent: 33, first: {units: 25.5, quantity: usage}
id: least, component: discount, of: [water], percent: 90, least: 6
id: dollars, component: discount, of: [base, export], dollars: 11.5
id: most, component: discount, of: [water], percent: 50, cap: 7.77
id: a_year, component: discount, of: [water], percent: 50, year_cap: {cap: 20.05, so_far: spent}
"""


@pytest.fixture(scope="module")
def planted() -> tuple[Tariff, pl.DataFrame, pl.DataFrame]:
    """A tariff of two versions, bills around its change, and the lines on which the gate finds nothing."""
    text, first = HEAD, date(2024, 1, 1)
    for number, effective in enumerate([first, date(2024, 3, 11)]):
        text += VERSION.replace("NUMBER", str(number)).replace("EFFECTIVE", str(effective))
        for line in CHARGES.replace("1.0501", f"1.{number}501").strip().split("\n"):
            text += f'      - {{revenue: "1", label: {{en: a, es: a}}, {line}}}\n'
    tariff, random, listed = parse_tariff(text, file="faults.yaml"), Random(20261121), []
    for _ in range(120):
        starts = first + timedelta(days=random.randrange(100))
        facts: dict[str, Decimal | str | None] = {
            "usage": Decimal(random.choice(["0", "25.5", f"{random.randrange(60)}.25", str(random.randrange(90))])),
            "n": Decimal(random.choice(["0", "1", "3", "5", "7", "9", "12.5"])),
            "spent": Decimal(random.choice(["0", "12.34", "20.05", "30"])),
            "gallons": Decimal(random.randrange(9000)),
            "people": random.choice([None, Decimal(5)]),
        }
        listed.append((starts, starts + timedelta(days=random.choice([1, 15, 28, 30, 31, 33, 34, 45])), facts))
    frame = bills_frame(tariff, listed)
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    return tariff, frame, lines


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_held(name: str, planted: tuple[Tariff, pl.DataFrame, pl.DataFrame]) -> None:
    """Every bill that a fault in the column face changes is held, and no other."""
    tariff, frame, right = planted
    where, old, new = FAULTS[name]
    module = import_module(f"meterbook.engine.rates.{where}")
    source = Path(str(module.__file__)).read_text()
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {where}"
    kinds = ("formula", "per_unit", "percent_of", "discount")
    users = [import_module(f"meterbook.engine.rates.components.{kind}.price") for kind in kinds]
    before = [(each, dict(each.__dict__)) for each in (module, *users)]
    exec(compile(source.replace(old, new), name, "exec", dont_inherit=True), module.__dict__)
    if where.startswith("language"):
        for user in users:
            user.__dict__.update({key: module.__dict__[key] for key in user.__dict__.keys() & EVALUATORS})
    try:
        lines = price(tariff, frame)
    finally:
        for each, names in before:
            each.__dict__.update(names)
    by_row = [{key: part for (key,), part in each.partition_by("row", as_dict=True).items()} for each in (right, lines)]
    affected = {row for row in frame["row"]
                if not by_row[0].get(row, right.clear()).equals(by_row[1].get(row, right.clear()))}  # fmt: skip
    assert affected, f"{name}: changes no bill"
    assert {held.row for held in disagreements(tariff, frame, lines)} == affected


EVALUATORS = {"evaluate", "price_of", "quantity_of", "measured"}
