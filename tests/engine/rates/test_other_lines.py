"""Demand, power factor, minimums and maximums: both faces agree, what must hold holds, and planted faults are held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import LINES, price
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff

FIRST = date(2024, 1, 1)
HEAD = """\
schedule: RANDOM
title: {en: Random, es: Aleatorio}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""
VERSION = """\
  - version: "{number}"
    effective: {effective}
    source: {{utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}}
    proration: {{normal_days: 30, tolerance: [27, 34], source: s, usage_decimals: 1}}
    seasons: {{summer: {{from: "02-20", until: "04-05"}}, winter: {{from: "04-05", until: "02-20"}}}}
    inputs:
      usage: {{kind: usage}}
      kw: {{kind: per_period}}
      off_kw: {{kind: per_period}}
      highest: {{kind: per_period, default: 0}}
      contract: {{kind: per_period, default: 0}}
      pf: {{kind: per_period}}
      so_far: {{kind: per_period}}
    components:
"""


def _money(low: int, high: int, places: int) -> st.SearchStrategy[str]:
    return st.integers(low * 10**places, high * 10**places).map(lambda value: f"{Decimal(value).scaleb(-places):f}")


def _line(identity: str, kind: str, body: str) -> str:
    head = f"      - {{id: {identity}, component: {kind}, label: {{en: {identity}, es: {identity}}}"
    return f'{head}, revenue: "1", {body}}}\n'


flags = st.sampled_from(["true", "false"])
modes = st.sampled_from(["half_up", "half_even", "up", "down"])
prices = st.one_of(_money(-3, 20, 2), _money(0, 2, 5), _money(-1, 1, 8))


@st.composite
def _demands(draw: st.DrawFn) -> str:
    step, low = draw(st.sampled_from(["0.1", "1", "5", "0.25"])), draw(st.integers(1, 40))
    text = _line(
        "demand",
        "demand",
        f'quantity: kw, price: "{draw(prices)}", prorate: {draw(flags)}, '
        f"season: {draw(st.sampled_from(['summer', 'each']))}, at_least: contract, "
        f'ratchet: {{of: highest, percent: "{draw(_money(0, 100, 3))}"}}',
    )
    text += _line(
        "blocks",
        "demand",
        f'quantity: "max(0, off_kw - kw * 0.5)", rounded: {{to: "{step}", mode: {draw(modes)}}}, tiers: '
        f'[{{up_to: "{low}", price: 0}}, {{up_to: "contract + 5", price: "{draw(prices)}"}}, {{price: "0.01 * kw"}}]',
    )
    return text + _line("apparent", "demand", f'quantity: kw, unit: kVA, per: day, price: "{draw(prices)}"')


@st.composite
def _limits(draw: st.DrawFn) -> str:
    per = draw(st.sampled_from(["per: period", "per: day", "per: year, periods_per_year: 12"]))
    points = (
        f'method: points, percent: "{draw(_money(0, 3, 4))}", '
        f"counted: {draw(st.sampled_from(['exact', 'started', 'whole']))}"
    )
    ratio = f'method: ratio, above: {draw(st.sampled_from(["nothing", "credit"]))}, lowest: "0.3"'
    method = draw(st.sampled_from([points, ratio]))
    text = _line("factor", "power_factor", f'base: [demand, blocks], power_factor: pf, target: "0.9", {method}')
    amount = draw(st.sampled_from(["37.5", "12.345", "kw * 0.75", "line(energy) + 1.005"]))
    divided = draw(flags)
    if "line" in amount:  # an amount that rests on other lines is never shared by days
        per, divided = per.replace("day", "period"), "false"
    text += _line("least", "minimum", f'base: [energy, demand, factor], amount: "{amount}", {per}, prorate: {divided}')
    text += _line("contracted", "minimum", 'base: all, amount: "1.337", times: contract, per: period')
    settled = f'base: all, amount: "{draw(_money(0, 900, 3))}", per: year, settled_in: {draw(st.integers(1, 5))}'
    text += _line("settled", "minimum", settled + ", so_far: so_far")
    per = draw(st.sampled_from(["period", "day"]))
    most = f'amount: "{draw(_money(0, 90, 3))}", per: {per}, prorate: {draw(flags)}'
    for name, kind, amount in (("floor", "minimum", "21.7"), ("ceiling", "cap", "1.9")):  # of lines that are divided
        per = draw(st.sampled_from(["period", "day"]))
        text += _line(name, kind, f'base: [energy], amount: "{amount}", per: {per}, prorate: {draw(flags)}')
    per = draw(st.sampled_from(["period", "day"]))
    return text + _line("most", "cap", f"base: [energy, demand, least], {most}")


@st.composite
def tariffs(draw: st.DrawFn, versions: int = 2) -> Tariff:
    starts = [
        FIRST,
        *sorted(FIRST + timedelta(days=day) for day in draw(st.sets(st.integers(5, 60), max_size=versions))),
    ]
    text = HEAD
    for number, effective in enumerate(starts):
        text += VERSION.format(number=number, effective=effective)
        text += _line("energy", "per_unit", f'quantity: usage, price: "{draw(prices)}"')
        text += draw(_demands())
        body = draw(_limits())
        if len(starts) > 1:  # a yearly settlement cannot look across a rate change
            body = "".join(line + "\n" for line in body.splitlines() if "settled_in" not in line)
        text += body
    return parse_tariff(text, file="random.yaml")


periods = st.tuples(st.integers(0, 120), st.integers(1, 70)).map(
    lambda one: (FIRST + timedelta(days=one[0]), FIRST + timedelta(days=sum(one)))
)
loads = st.one_of(_money(0, 90, 0), _money(0, 90, 2), _money(0, 3, 6)).map(Decimal)
factors = _money(0, 1, 3).map(Decimal).filter(bool)
facts_of = st.fixed_dictionaries(
    {
        "usage": loads,
        "kw": loads,
        "off_kw": loads,
        "highest": st.none() | loads,
        "contract": st.none() | loads,
        "pf": factors,
        "so_far": loads,
    }
)


@settings(max_examples=50, deadline=None)
@given(tariff=tariffs(), bills=st.lists(st.tuples(periods, facts_of), min_size=1, max_size=6))
def test_both_faces_agree(
    tariff: Tariff, bills: list[tuple[tuple[date, date], dict[str, Decimal | str | None]]]
) -> None:
    frame = bills_frame(tariff, [(*period, facts) for period, facts in bills])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


@settings(max_examples=25, deadline=None)
@given(tariff=tariffs(), period=periods, facts=facts_of)
def test_every_line_explains_itself(
    tariff: Tariff, period: tuple[date, date], facts: dict[str, Decimal | str | None]
) -> None:
    for line in explain(tariff, starts=period[0], ends=period[1], determinants=facts).lines:
        words = [step.words(str) for step in line.steps()]
        assert len(words) >= 3
        assert all("{" not in sentence for sentence in words)


def one_version(components: str) -> Tariff:
    """A tariff of one version."""
    return parse_tariff(HEAD + VERSION.format(number=1, effective=FIRST) + components, file="one.yaml")


@settings(max_examples=60, deadline=None)
@given(usage=loads, amount=_money(0, 200, 3), days=st.integers(1, 70), prorate=flags)
def test_a_minimum_is_reached_and_a_maximum_is_kept(usage: Decimal, amount: str, days: int, prorate: str) -> None:
    """To the cent, whatever the lines come to; and neither stands where it is not needed."""
    limit = f'base: [energy], amount: "{amount}", per: period, prorate: {prorate}'
    tariff = one_version(
        _line("energy", "per_unit", 'quantity: usage, price: "1.37"')
        + _line("least", "minimum", limit)
        + _line("most", "cap", limit)
    )
    lines = amounts(tariff, FIRST, FIRST + timedelta(days=days), {"usage": usage})
    cents = {line[0]: line[4] for line in lines}
    whole = 27 <= days <= 34 or prorate == "false"
    exact = Decimal(amount) * 100 if whole else Decimal(amount) * 100 * days / 30
    bound, energy = int(exact.quantize(Decimal(1), ROUND_HALF_UP)), cents.get("energy", 0)
    assert energy + cents.get("least", 0) == max(energy, bound)
    most = int(exact.quantize(Decimal(1), ROUND_HALF_DOWN))  # a credit of half a cent is a whole one
    assert energy + cents.get("most", 0) == min(energy, most)
    assert 0 not in {cents.get("least"), cents.get("most")}


@settings(max_examples=60, deadline=None)
@given(kw=loads, price_of=_money(0, 30, 2), cut=st.integers(1, 29))
def test_a_demand_price_split_by_a_version_sums_to_the_whole(kw: Decimal, price_of: str, cut: int) -> None:
    """The same price in both versions: the two stretches together are the whole charge, but for their rounding."""
    body = _line("demand", "demand", f'quantity: kw, price: "{price_of}"')
    text = HEAD + VERSION.format(number=1, effective=FIRST) + body
    text += VERSION.format(number=2, effective=FIRST + timedelta(days=cut)) + body
    lines = amounts(parse_tariff(text, file="two.yaml"), FIRST, FIRST + timedelta(days=30), {"kw": kw})
    assert abs(sum((line[9] for line in lines), Decimal(0)) - kw * Decimal(price_of) * 100) < Decimal("1e-40")


def test_a_year_is_not_settled_across_a_rate_change() -> None:
    body = _line("energy", "per_unit", "quantity: usage, price: 1")
    settle = body + _line("settled", "minimum", "base: all, amount: 100, per: year, settled_in: 1, so_far: so_far")
    text = HEAD + VERSION.format(number=1, effective=FIRST) + settle
    text += VERSION.format(number=2, effective=date(2024, 1, 20)) + settle
    tariff = parse_tariff(text, file="two.yaml")
    facts: dict[str, Decimal | str | None] = {"usage": Decimal(9), "so_far": Decimal(10)}
    bill = (date(2024, 1, 10), date(2024, 2, 9), facts)
    with pytest.raises(Exception, match="settles the year on a bill that a rate change cuts") as priced:
        price(tariff, bills_frame(tariff, [bill]))
    with pytest.raises(type(priced.value), match="settles the year on a bill that a rate change cuts"):
        amounts(tariff, *bill)
    after = (date(2024, 1, 20), date(2024, 2, 19), facts)
    assert [line[4] for line in amounts(tariff, *after)] == [900, 8100]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("demand", "quantity: kw", "either 'price' or 'tiers'"),
        ("demand", "quantity: kw, price: 1, tiers: [{price: 1}]", "either 'price' or 'tiers'"),
        ("demand", "quantity: kw, tiers: [{up_to: 5, price: 1}, {up_to: 5, price: 1}, {price: 1}]", "more than 5"),
        ("demand", "quantity: kw, tiers: [{price: 1}, {price: 1}]", "'up_to' in every tier but the last"),
        ("demand", "quantity: kw, price: 1, rounded: {to: 0, mode: up}", "a number from 0.000001 to 1000"),
        ("demand", "quantity: kw, price: 1, rounded: {to: 1}", "the key 'mode'"),
        ("demand", "quantity: kw, price: 1, ratchet: {of: highest, percent: 101}", "a number from 0 to 100"),
        ("demand", "quantity: kw, price: 1, ratchet: {of: highest, percent: 1, months: [13]}", "from 1 to 12"),
        ("demand", "quantity: kw, price: 1, ratchet: {of: highest, percent: 1, months: [3, 3]}", "each month once"),
        ("demand", "quantity: no_such, price: 1", "one that 'inputs' declares"),
        ("minimum", "base: [energy], amount: 1, per: year", "either 'periods_per_year' or 'settled_in'"),
        ("minimum", "base: [energy], amount: 1, per: year, settled_in: 6", "both, or neither"),
        ("minimum", "base: [energy], amount: 1, per: day, periods_per_year: 12", "no such key unless per is year"),
        ("minimum", "base: [energy], amount: -1, per: day", "a number from 0"),
        ("minimum", "base: [later], amount: 1, per: day", "a component that stands earlier"),
        ("minimum", "base: all, amount: 1, per: period, season: summer", "no base in a component with 'season'"),
        ("cap", "base: all, amount: 1, per: year", "one of period, day"),
        ("power_factor", "base: all, power_factor: pf, target: 0.9, method: points", "the key 'percent'"),
        (
            "power_factor",
            "base: all, power_factor: pf, target: 0.9, method: ratio, percent: 1",
            "unless method is points",
        ),
        ("power_factor", "base: all, power_factor: pf, target: 90, method: ratio", "a number from 0.000001 to 1"),
        ("power_factor", "base: all, power_factor: 'pf * 1', target: 1, method: ratio, unmeasured: 1", "is a formula"),
    ],
)
def test_a_wrong_setting_is_refused(kind: str, body: str, expected: str) -> None:
    with pytest.raises(TariffError, match="expected") as error:
        one_version(_line("energy", "per_unit", "quantity: usage, price: 1") + _line("wrong", kind, body))
    assert expected in str(error.value)


# name: kind of charge, what stands there, what stands there instead
FAULTS: dict[str, tuple[str, str, str]] = {
    "half a step down": ("demand", "rest * 2 >= step", "rest * 2 > step"),
    "half a step never even": ("demand", "(whole % 2 == 1)", "(whole % 2 == 0)"),
    "a whole step raised": ("demand", "(rest > 0)", "(rest >= 0)"),
    "down is up": ("demand", "            return whole * step", "            return (whole + 1) * step"),
    "no ratchet": ("demand", "first.zip_with(first >= second, second)", "first"),
    "ratchet always": ("demand", "first.zip_with(first >= second, second)", "second"),
    "ratchet cut off": (
        "demand",
        "half_up(times(earlier, percent), WHOLE)",
        "(times(earlier, percent) // wide(WHOLE))",
    ),
    "kW price not prorated": ("demand", "return prorate.share(slices) if settings.prorate else (1, 1)", "return 1, 1"),
    "undivided at the first rate": ("demand", "mask = slices.until == slices.days", "mask = slices.first == 0"),
    "days of the whole bill": ("demand", "return slices.until - slices.first, 1\n", "return slices.days, 1\n"),
    "free block charged": ("demand", "quantity, shown = top - below, price", "quantity, shown = top, price"),
    "block bound missed": ("demand", "demand.zip_with(demand < limit, limit)", "demand"),
    "negative block": ("demand", "limit.zip_with(limit > below, below)", "limit"),
    "price shown unprorated": (
        "demand",
        "shown = prorate.tall(half_up(times(price, over), under)",
        "(shown := shown) if True else prorate.tall(half_up(times(price, over), under)",
    ),
    "minimum of the first line": (
        "minimum",
        "charged[name] for name in settings.base[1:]",
        "charged[name] for name in settings.base[2:]",
    ),
    "minimum as credit": ("minimum", "rounded > wide(0)", "rounded != wide(0)"),
    "minimum not prorated": ("minimum", "return prorate.share(slices)", "return 1, 1"),
    "undivided minimum in every stretch": ("minimum", "return prorate.part_of_bill(slices)", "return 1, 1"),
    "minimum by the bill's days": ("minimum", "return slices.until - slices.first, 1\n", "return slices.days, 1\n"),
    "a year asked at once": ("minimum", "CENT * settings.periods_per_year", "CENT"),
    "contract not counted": ("minimum", "count = measured(settings.times,", "_ = measured(settings.times,"),
    "earlier bills forgotten": ("minimum", "missing = missing - times(earlier, CENT // CENT_QUANTITY)", "pass"),
    "settled a month late": ("minimum", "% 12 + 1", "% 12 + 2"),
    "settled a day late": ("minimum", 'turn <= pl.col("ends")', 'turn < pl.col("ends")'),
    "settled on the day after": ("minimum", 'this > pl.col("starts")', 'this >= pl.col("starts")'),
    "maximum as charge": ("cap", "rounded < wide(0)", "rounded != wide(0)"),
    "maximum not prorated": ("cap", "return prorate.share(slices)", "return 1, 1"),
    "undivided maximum in every stretch": ("cap", "return prorate.part_of_bill(slices)", "return 1, 1"),
    "maximum by the bill's days": ("cap", "return slices.until - slices.first, 1\n", "return slices.days, 1\n"),
    "power factor above credited": ("power_factor", "short = short.clip(lower_bound=0)", "pass"),
    "started point dropped": ("power_factor", "(short + (POINT - 1)) // POINT * POINT", "short // POINT * POINT"),
    "whole points as exact": ("power_factor", "            return short // POINT * POINT", "            return short"),
    "ratio to the target": ("power_factor", 'cast("Number", factor)', 'cast("Number", factor * 0 + 900_000)'),
    "lowest not kept": ("power_factor", "factor.clip(lower_bound=int(settings.lowest.scaleb(6)))", "factor"),
    "power factor of one line": ("power_factor", "for name in settings.base[1:]", "for name in settings.base[2:]"),
}


def _every() -> Tariff:
    """Every setting of these charges, in two versions with a change of season between."""
    text = HEAD
    for number, effective in enumerate([FIRST, date(2024, 3, 11)]):
        rise, text = Decimal("0.07") * number, text + VERSION.format(number=number, effective=effective)
        text += _line("energy", "per_unit", f'quantity: usage, price: "{Decimal("0.11") + rise}"')
        for at, mode in enumerate(["half_up", "half_even", "up", "down"]):
            rounded = f'quantity: "kw + {at}", rounded: {{to: "0.1", mode: {mode}}}, price: "{3 + rise}"'
            text += _line(f"demand_{mode}", "demand", rounded)
        ratchet = 'ratchet: {of: highest, percent: "66.666667"}, at_least: contract'
        text += _line("ratchet", "demand", f'quantity: kw, price: "{4 + rise}", {ratchet}, season: each')
        text += _line("whole", "demand", f'quantity: kw, price: "{5 + rise}", prorate: false')
        text += _line("daily", "demand", f'quantity: kw, price: "{rise + 1}", per: day')
        tiers = f'[{{up_to: 10, price: 0}}, {{up_to: contract, price: "{2 + rise}"}}, {{price: "{1 + rise}"}}]'
        text += _line("blocks", "demand", f"quantity: off_kw, tiers: {tiers}")
        factor = 'base: [whole, blocks], power_factor: pf, target: "0.9"'
        for counted in ("exact", "started", "whole"):
            body = f"{factor}, method: points, percent: 1, counted: {counted}"
            text += _line(f"points_{counted}", "power_factor", body)
        text += _line("ratio", "power_factor", f'{factor}, method: ratio, lowest: "0.7"')
        for kind, amount in (("minimum", "45.678"), ("cap", "23.456")):
            for at, per in enumerate(["period", "period, prorate: false", "day"]):
                each = amount if at < 2 else "1.2345"
                text += _line(f"{kind}_{at}", kind, f'base: [energy, daily], amount: "{each}", per: {per}')
        text += _line("yearly", "minimum", 'base: [energy], amount: "700.1", per: year, periods_per_year: 12')
        text += _line("contracted", "minimum", 'base: [energy], amount: "1.23", times: contract, per: period')
        if number == 1:
            settled = 'base: [energy, yearly], amount: "90.5", per: year, settled_in: 4, so_far: so_far'
            text += _line("settled", "minimum", settled)
    return parse_tariff(text, file="every.yaml")


@pytest.fixture(scope="module")
def planted() -> tuple[Tariff, pl.DataFrame, dict[int, list[object]]]:
    """A tariff, bills around its changes, and the lines on which the gate finds nothing."""
    tariff, random, listed = _every(), Random(20261120), []
    lengths = [1, 15, 27, 30, 31, 34, 35, 45, 60]
    for number in range(120):
        starts, days = FIRST + timedelta(days=random.randrange(120)), random.choice(lengths)
        if number % 6 == 0:  # bills that end with, hold, or begin after the last day of April
            starts = date(2024, random.choice([4, 4, 5]), 1 if number % 12 else random.choice([1, 5]))
            days = random.choice([30, 30, 31])
        if starts < date(2024, 3, 11):  # or the year would be settled across the rate change
            days = min(days, (date(2024, 4, 30) - starts).days)
        loads = [
            "0",
            "0.35",
            "12.25",
            "12.349999",
            "40.05",
            "9.95",
            str(random.randrange(90)),
            f"{random.random():.6f}",
        ]
        facts: dict[str, Decimal | str | None] = {
            "usage": Decimal(random.randrange(900)),
            "kw": Decimal(random.choice(loads)),
            "off_kw": Decimal(random.choice(loads)),
            "highest": random.choice([None, Decimal("50.05"), Decimal(20), Decimal("0.000002")]),
            "contract": random.choice([None, Decimal(4), Decimal(30)]),
            "pf": Decimal(random.choice(["0.55", "0.8449", "0.875", "0.9", "0.95", "1"])),
            "so_far": Decimal(random.choice([0, 20, 89])),
        }
        listed.append((starts, starts + timedelta(days=days), facts))
    frame = bills_frame(tariff, listed)
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    return tariff, frame, _rows(lines)


def _rows(lines: pl.DataFrame) -> dict[int, list[object]]:
    found: dict[int, list[object]] = {}
    for row, *line in lines.select(list(LINES)).rows():
        found.setdefault(row, []).append(line)
    return found


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Iterator[str]:
    """One fault planted in a price module, and taken out again."""
    kind, old, new = FAULTS[request.param]
    module = import_module(f"meterbook.engine.rates.components.{kind}.price")
    source = Path(str(module.__file__)).read_text()
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {kind}"
    exec(compile(source.replace(old, new), f"{kind} with {request.param}", "exec", dont_inherit=True), module.__dict__)
    yield request.param
    exec(compile(source, kind, "exec", dont_inherit=True), module.__dict__)


def test_a_planted_fault_is_held(fault: str, planted: tuple[Tariff, pl.DataFrame, dict[int, list[object]]]) -> None:
    tariff, frame, right = planted
    lines = price(tariff, frame)
    wrong = _rows(lines)
    affected = {row for row in right if wrong.get(row) != right[row]}
    assert affected, f"{fault}: changes no bill"
    assert {held.row for held in disagreements(tariff, frame, lines)} == affected
