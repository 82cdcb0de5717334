"""Twenty and more faults are planted in `price`, one at a time: the gate must hold every bill that one changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from random import Random
from types import CodeType, ModuleType

import polars as pl
import pytest

from meterbook.engine.rates import components
from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.price import LINES
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import SERVED, SERVICE, SUSPENDED, Change

RATES = "meterbook.engine.rates"
KINDS = [f"components.{keyword}.price" for keyword in components.keywords()]
ORDER = ["fixed_point", "changing.stretches", "versions", "prorate", "language.on_columns", *KINDS, "running", "price"]

# name: module, what stands there, what stands there instead
FAULTS: dict[str, tuple[str, str, str]] = {
    "half a cent down": ("fixed_point", "half = denominator // 2", "half = denominator // 2 - 1"),
    "cents cut off": ("fixed_point", "half = denominator // 2", "half = 0"),
    "half a share down": (
        "fixed_point",
        "(size.cast(pl.Int64) * 2 + denominator)",
        "(size.cast(pl.Int64) * 2 + denominator - 1)",
    ),
    "credits charged": ("fixed_point", "return rounded * numerator.sign()", "return rounded"),
    "credits rounded down": (
        "fixed_point",
        "return rounded * numerator.sign()",
        "return (numerator * wide(2) + wide(denominator)) // (wide(denominator) * wide(2))",
    ),
    "fifth decimal lost": (
        "language.on_columns",
        "return fixed\n",
        "return fixed // 10**4 * 10**4\n",
    ),
    "shortest period not normal": ("prorate", "length >= rule.shortest", "length > rule.shortest"),
    "longest period not normal": ("prorate", "length <= rule.longest", "length < rule.longest"),
    "no tolerance": ("prorate", "(length >= rule.shortest) & ", "(length < 0) & "),
    "never prorated": ("prorate", "return (1, 1) if (days == whole).all() else (days, whole)", "return (1, 1)"),
    "usage above usage": ("prorate", "rounded.zip_with(rounded < usage, usage)", "rounded"),
    "rest of usage lost": ("prorate", "found = inside.zip_with(day < slices.days, usage)", "found = inside"),
    "usage cut off": (
        "prorate",
        "half_up(product(usage, day), product(slices.days, slices.unit))",
        "product(usage, day) // product(slices.days, slices.unit)",
    ),
    "usage split too finely": ("prorate", "product(slices.days, slices.unit)), slices.unit)", "slices.days))"),
    "tiers rounded like usage": (
        "prorate",
        "slices.version.proration.tier_decimals",
        "slices.version.proration.usage_decimals",
    ),
    "tiers not scaled by days": ("prorate", "times(counted, up_to, over)", "times(counted, up_to, whole)"),
    "tiers not times dwellings": ("prorate", "QUANTITY_SCALE if count is None else count", "QUANTITY_SCALE"),
    "whole tiers rounded": ("prorate", "return scaled.zip_with(over != whole, exact)", "return scaled"),
    "undivided at the first rate": ("prorate", "else slices.until == slices.days", "else slices.first == 0"),
    "undivided divided": ("prorate", "(1, 1) if not prorate else share(slices)", "share(slices)"),
    "days of the whole bill": (
        "prorate",
        "over, whole = slices.until - slices.first, 1",
        "over, whole = slices.days, 1",
    ),
    "version ends a day late": ("versions", "].effective if index + 1", "].effective + date.resolution if index + 1"),
    "version starts a day late": (
        "versions",
        'mine.select(pl.max_horizontal("starts", pl.lit(version.effective)))',
        'mine.select(pl.max_horizontal("starts", pl.lit(version.effective + date.resolution)))',
    ),
    "version begins with the bill": (
        "versions",
        'pl.max_horizontal("starts", pl.lit(version.effective))',
        'pl.col("starts")',
    ),
    "last day counted again": (
        "versions",
        'pl.col("ends") > version.effective',
        'pl.col("ends") >= version.effective',
    ),
    "rounding of the later version": (
        "versions",
        'pl.when(pl.col("began") >= day)',
        'pl.when(pl.col("began") == pl.col("began"))',
    ),
    "the change comes a day late": (
        "changing.stretches",
        'pl.col("before") > pl.col("starts"))\n',
        'pl.col("before") >= pl.col("starts"))\n',
    ),
    "the first change tells all": ("changing.stretches", 'sort_by("before").first()', 'sort_by("before").last()'),
    "suspended days charged": ("changing.stretches", "pl.col(SERVICE) != SUSPENDED", 'pl.col(SERVICE) != ""'),
    "suspended days forgotten": (
        "changing.stretches",
        '(pl.col("whole") - pl.col("bill.began")).dt.total_days()',
        'pl.col("own").sum().over("row")',
    ),
    "equal facts cut": ("changing.stretches", 'same & (pl.col("row") ==', 'same & (pl.col("row") !='),
    "usage among all days": (
        "changing.stretches",
        '"bill.opens": pl.col("starts") - pl.duration(days=before)',
        '"bill.opens": pl.col("bill.began")',
    ),
    "reads told late": ("changing.stretches", '.clip(0, pl.col("own"))', '.clip(0, pl.col("own")) * 0'),
    "reads overlooked": (
        "prorate",
        "return found.clone().scatter(between",
        "return found if len(between) else found.scatter(between",
    ),
    "usage between reads by all days": ("prorate", 'between["day"] - between["low_day"], ', 'between["day"], '),
    "cut bills overlooked": ("versions", "(until != days)).any()", "(until != days)).all()"),
    "tiers from zero": ("components.tiered.price", "top - below", "top"),
    "empty tiers printed": ("components.tiered.price", "quantity != 0", "quantity >= 0"),
    "tier bound missed": ("components.tiered.price", "used.zip_with(used < limit, limit)", "used"),
    "surcharge changes inside a bill": (
        "components.per_unit.price",
        "(slices.began >= since) & (slices.began < before)",
        "(starts >= since) & (ends <= before)",
    ),
    "rider into the next quarter": (
        "components.per_unit.price",
        'chosen.frame["ends"].clip(upper_bound=before)',
        'chosen.frame["ends"]',
    ),
    "winter average by own days": (
        "components.per_unit.price",
        "slices.until - slices.first, prorate.full_days(slices)",
        "slices.until - slices.first, slices.days",
    ),
    "credit without export": ("language.on_columns", "numbers.fill_null(0)", "numbers.fill_null(1_000_000)"),
    "tax base incomplete": ("components.percent_tax.price", "settings.base[1:]", "settings.base[2:]"),
    "tax on lines not charged": ("running", "amount.zip_with(part.keep, zero.head(amount.len()))", "amount"),
    "started unit not counted": ("components.per_unit_of_area.price", "(area + (size - 1)) // size", "area // size"),
    "nearest unit cut off": (
        "components.per_unit_of_area.price",
        "half_up(times(area), size).cast(pl.Int64)",
        "(area // size)",
    ),
    "first column for all": ("components.matrix.price", "cells.gather(row + column)", "cells.gather(row)"),
    "one service for all": (
        "components.by_size.price",
        "count = measured(settings.times, slices, component=component, charged=charged, limit=COUNT_LIMIT)",
        "pass",
    ),
    "one lamp for all": ("components.per_lamp.price", "count=count,", "count=1_000_000,"),
    "a year in twelve lost": ("components.fixed.price", "settings.periods_per_year if", "1 if"),
    "lines out of order": ("price", "at * 100_000", "(90 - at) * 100_000"),
}


def _module(name: str) -> ModuleType:
    return import_module(f"{RATES}.{name}")


def _source(name: str) -> str:
    return Path(str(_module(name).__file__)).read_text()


@pytest.fixture(scope="module")
def originals() -> Iterator[dict[str, CodeType]]:
    """The compiled sources of the column face, put back when the module is done."""
    compiled = {name: compile(_source(name), name, "exec", dont_inherit=True) for name in ORDER}
    yield compiled
    _load(compiled)


def _load(compiled: dict[str, CodeType]) -> None:
    for name in ORDER:
        exec(compiled[name], _module(name).__dict__)


@pytest.fixture(scope="module")
def bills(every_component: Tariff) -> pl.DataFrame:
    """Bills of every length and place around the rate changes, at bounds and between them."""
    random = Random(20260317)
    usages = ["0", "0.6", "307.5", "308", "1000", "1", "100.5", "2000"]
    listed = []
    for number in range(96):
        starts = date(2024, 2, 25) + timedelta(days=random.randrange(100))
        if number % 8 == 0:
            starts = date(2024, 3, 16)
        days = random.choice([1, 15, 27, 28, 29, 30, 31, 31, 33, 34, 35, 45, 60])
        if number % 8 == 0:
            days = 31
        if number % 8 == 1:
            starts, days = date(2024, 4, 16), 15
        usage = Decimal(random.choice([*usages, str(random.randrange(3000)), f"{random.randrange(300)}.25"]))
        usage = Decimal(50) if number % 8 == 1 else usage
        facts: dict[str, Decimal | str | None] = {
            "usage": usage,
            "dwelling_units": Decimal(random.choice([1, 1, 2, 6])),
            "meter_size": random.choice(["5/8", "1", "1 1/2"]),
            "winter_average": Decimal(random.choice(["0", "7.25", "12"])),
            "export": random.choice([None, None, Decimal(1), Decimal(310), Decimal("12.5")]),
            "impervious_sqft": Decimal(random.choice([0, 500, 501, 2100, 3800, 4500])),
            "bin_size": random.choice(["2yd", "8yd"]),
            "pickups_per_week": random.choice(["1", "2", "3"]),
            "lamp_type": random.choice(["HPS 100", "HPS 400"]),
            "lamps": Decimal(random.randrange(12)),
        }
        listed.append((starts, starts + timedelta(days=days), facts))
    changes = [_changes(random, *bill) if number % 4 == 3 else [] for number, bill in enumerate(listed)]
    return bills_frame(every_component, listed, changes)


def _changes(random: Random, starts: date, ends: date, facts: dict[str, Decimal | str | None]) -> list[Change]:
    """What differed inside a bill: facts, reads, a suspension."""
    days = [starts + timedelta(days=at) for at in range(1, (ends - starts).days)]
    if len(days) < 6:
        return []
    first, second, third, fourth = sorted(random.sample(days, 4))
    used = facts["usage"]
    assert isinstance(used, Decimal)
    found = [
        Change(second, "meter_size", random.choice(["5/8", "1"])),
        Change(third, "meter_size", random.choice(["5/8", "1 1/2"])),
        Change(third, "dwelling_units", Decimal(random.choice([1, 3]))),
        Change(fourth, "usage", (used / 3).quantize(Decimal("0.001"))),
    ]
    if random.random() < 0.5:
        found += [Change(first, SERVICE, SERVED), Change(second, SERVICE, SUSPENDED)]
    return found


@pytest.fixture(scope="module")
def right(every_component: Tariff, bills: pl.DataFrame, originals: dict[str, CodeType]) -> dict[int, list[object]]:
    """The lines of every bill as `price` gives them, on which the gate finds nothing."""
    _load(originals)
    lines = _module("price").price(every_component, bills)
    assert disagreements(every_component, bills, lines) == []
    return _rows(lines)


def _rows(lines: pl.DataFrame) -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    for row, *line in lines.select(list(LINES)).rows():
        found.setdefault(row, []).append(line)
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_held(
    fault: str, every_component: Tariff, bills: pl.DataFrame, right: dict[int, list[object]],
    originals: dict[str, CodeType],
) -> None:  # fmt: skip
    where, old, new = FAULTS[fault]
    source = _source(where)
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {where}"
    mutant = source.replace(old, new)
    _load({**originals, where: compile(mutant, f"{where} with {fault}", "exec", dont_inherit=True)})
    lines = _module("price").price(every_component, bills)
    wrong = _rows(lines)
    affected = {row for row in right if wrong.get(row) != right[row]}
    assert affected, "the fault changes no bill"
    assert {held.row for held in disagreements(every_component, bills, lines)} == affected


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 20
