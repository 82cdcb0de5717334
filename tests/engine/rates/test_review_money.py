"""Money that a bill cut in two must not gain or lose: shares by days, widths, limits on lines of the whole bill.

Every case is priced on both faces, which must agree, and once more on a bill that no change cuts.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import OutOfRange

OPENS, MIDDLE, CLOSES = date(2024, 3, 1), date(2024, 3, 16), date(2024, 3, 31)
LONGER = date(2024, 4, 15)
HEAD = """\
schedule: CUT
title: {en: Cut, es: Partida}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
"""
VERSION = """\
  - version: "{effective}"
    effective: {effective}
    source: {{utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}}
    proration: {{normal_days: 30, tolerance: [27, 34], usage_decimals: 0, tier_decimals: {decimals}, source: s}}
{extra}
    components:
"""
INPUTS = """\
inputs:
  usage: {kind: usage}
  kw: {kind: per_period}
  size: {kind: key}
  water: {kind: usage, unit: kgal}
  bank: {kind: count}
  used: {kind: per_period}
"""
UNITS = "inputs: {usage: {kind: usage, unit: kWh}, kw: {kind: per_period, unit: kW}}\n"
SEASONS = 'seasons: {summer: {from: "03-16", until: "11-01"}, winter: {from: "11-01", until: "03-16"}}\n'


def tariff(*versions: list[str], extra: str = INPUTS, decimals: int = 0) -> Tariff:
    """A schedule whose versions follow each other in the middle of March; each line is ``id, kind, settings``."""
    text = HEAD
    for effective, lines in zip((date(2024, 1, 1), MIDDLE), versions, strict=False):
        more = "".join(f"    {line}\n" for line in extra.splitlines())
        text += VERSION.format(effective=effective, extra=more, decimals=decimals)
        for line in lines:
            identity, kind, body = line.split(", ", 2)
            text += f"      - {{id: {identity}, component: {kind}, label: {{en: {identity}, es: {identity}}}, "
            text += f'revenue: "1", {body}}}\n'
    return parse_tariff(text, file="cut.yaml")


def twice(lines: list[str], *, extra: str = INPUTS, decimals: int = 0) -> Tariff:
    """The same rates in two versions."""
    return tariff(lines, lines, extra=extra, decimals=decimals)


def charged(rates: Tariff, ends: date = CLOSES, **facts: str) -> dict[str, list[int]]:
    """Cents by component in order, if both faces say the same."""
    stated: dict[str, Decimal | str | None] = {
        name: fact if name == "size" else Decimal(fact) for name, fact in facts.items()
    }
    found: dict[str, list[int]] = {}
    lines = amounts(rates, OPENS, ends, stated)
    for line in lines:
        found.setdefault(line[0], []).append(line[4])
    priced = price(rates, bills_frame(rates, [(OPENS, ends, stated)]))
    assert priced.select("component", "part", "amount").rows() == [(line[0], line[1], line[4]) for line in lines]
    for explained in explain(rates, starts=OPENS, ends=ends, determinants=stated).lines:
        assert all("{" not in step.words(str) for step in explained.steps())
    return found


def words(rates: Tariff, ends: date = CLOSES, **facts: str) -> list[list[str]]:
    """The steps of every line."""
    stated: dict[str, Decimal | str | None] = {name: Decimal(fact) for name, fact in facts.items()}
    lines = explain(rates, starts=OPENS, ends=ends, determinants=stated).lines
    return [[step.words(str) for step in line.steps()] for line in lines]


WATER = "w, per_unit, quantity: usage, price: 1"
SHARED_TWICE = {
    "fixed price of usage": ["a, fixed, per: period, price: usage * 0.10"],
    "fixed price by the day": ["a, fixed, per: day, price: usage * 0.10"],
    "fixed, undivided": ["a, fixed, per: period, price: usage * 0.10, prorate: false"],
    "fixed price of a line": [WATER, "a, fixed, per: period, price: line(w) * 0.5"],
    "fixed times usage": ["a, fixed, per: period, price: 0.10, times: usage"],
    "size of usage": ["a, by_size, key: size, prices: {s: usage * 0.10, m: 3}"],
    "size times usage": ["a, by_size, key: size, prices: {s: 3}, times: usage / 10"],
    "table times usage": ["a, matrix, rows: size, columns: kind, heads: [x], prices: {s: [1]}, times: usage"],
    "tier of days": ["a, tiered, quantity: usage, tiers: [{up_to: 10 * days, price: 1}, {price: 2}]"],
    "tier times days": ["a, tiered, quantity: usage, times: days + 0, tiers: [{up_to: 10, price: 1}, {price: 2}]"],
    "a period's quantity of usage": ["a, per_unit, quantity: usage * 2, quantity_is: per_period, price: 1"],
    "a period's quantity is usage": ["a, per_unit, quantity: usage, quantity_is: per_period, price: 1"],
    "minimum of a line": [WATER, "a, minimum, base: [w], amount: line(w) + 10, per: period"],
    "minimum times usage": [WATER, "a, minimum, base: [w], amount: 2, times: usage, per: period"],
    "minimum by the day": [WATER, "a, minimum, base: [w], amount: usage, per: day, prorate: false"],
    "cap of usage": [WATER, "a, cap, base: [w], amount: usage * 0.5, per: period"],
    "percentage's cap": [WATER, "a, percent_of, base: [w], percent: 10, cap: usage * 0.05"],
    "percentage's exemption": [WATER, "a, percent_of, base: [w], percent: 10, exempt: line(w) / 2"],
    "dollars off": [WATER, "a, discount, of: [w], dollars: usage * 0.05"],
    "least of a discount": [WATER, "a, discount, of: [w], percent: 50, least: usage * 0.8"],
    "cap of a discount": [WATER, "a, discount, of: [w], percent: 50, cap: usage * 0.05"],
    "first units": [WATER, "a, discount, of: [w], percent: 50, first: {units: days * 2, quantity: usage}"],
    "demand is usage": ["a, demand, quantity: usage, price: 1"],
    "demand of days": ["a, demand, quantity: kw + days, price: 1"],
    "demand price of usage": ["a, demand, quantity: kw, price: usage * 0.01, prorate: false"],
    "ratchet of usage": ["a, demand, quantity: kw, ratchet: {of: usage, percent: 50}, price: 1"],
}  # fmt: skip


@pytest.mark.parametrize("lines", SHARED_TWICE.values(), ids=SHARED_TWICE)
def test_an_amount_of_the_days_is_not_shared_by_days_again(lines: list[str]) -> None:
    extra = INPUTS.replace("  bank", "  kind: {kind: key}\n  bank")
    with pytest.raises(TariffError, match="that of the days charged already") as refused:
        tariff(lines, extra=extra)
    assert len(refused.value.problems) == 1


FINE = {
    "formula": (["a, formula, amount: usage * 0.10"], 1000),
    "formula of a line": ([WATER, "a, formula, amount: line(w) * 0.5"], 5000),
    "minimum": ([WATER, "a, minimum, base: [w], amount: usage * 1.1, per: period, prorate: false"], 1000),
    "minimum by the day": ([WATER, "a, minimum, base: [w], amount: 5, per: day"], 5000),
    "maximum by the day": ([WATER, "a, cap, base: [w], amount: 2, per: day"], -4000),
    "maximum": ([WATER, "a, cap, base: [w], amount: usage * 0.9, per: period, prorate: false"], -1000),
    "tax's cap": ([WATER, "a, percent_of, base: [w], percent: 10, cap: usage * 0.05, prorate: false"], 500),
    "exemption": ([WATER, "a, percent_of, base: [w], percent: 10, exempt: usage / 2, prorate: false"], 500),
    "written exemption": ([WATER, "a, percent_of, base: [w], percent: 10, exempt: 20, prorate: false"], 800),
    "written cap of a tax": ([WATER, "a, percent_of, base: [w], percent: 10, cap: 4, prorate: false"], 400),
    "dollars off": ([WATER, "a, discount, of: [w], dollars: 30, prorate: false"], -3000),
    "dollars off by usage": ([WATER, "a, discount, of: [w], dollars: usage * 0.05, prorate: false"], -500),
    "discount's cap": ([WATER, "a, discount, of: [w], percent: 50, cap: 8, prorate: false"], -800),
    "what a discount leaves": ([WATER, "a, discount, of: [w], percent: 50, least: 80, prorate: false"], -2000),
    "tiers of days": (
        ["a, tiered, quantity: usage, widths: as_written, tiers: [{up_to: 2 * days, price: 1}, {price: 2}]"],
        14000,
    ),
    "tiers as written": (
        ["a, tiered, quantity: usage, widths: as_written, tiers: [{up_to: 60, price: 1}, {price: 2}]"],
        14000,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "cents"), FINE.values(), ids=FINE)
def test_what_is_not_shared_comes_to_the_same_on_a_cut_bill(lines: list[str], cents: int) -> None:
    assert sum(charged(tariff(lines), usage="100")["a"]) == cents
    cut = charged(twice(lines), usage="100")["a"]
    assert sum(cut) == cents
    assert len(cut) > 1


def test_an_undivided_limit_of_a_long_bill_is_that_of_the_bill() -> None:
    lines = [WATER, "a, percent_of, base: [w], percent: 10, exempt: 20, prorate: false"]
    assert charged(tariff(lines), ends=LONGER, usage="100")["a"] == [800]


def test_widths_as_written_are_those_of_the_whole_bill_through_its_seasons() -> None:
    lines = ["a, tiered, quantity: usage, season: each, widths: as_written, tiers: [{up_to: 10, price: 1}, {price: 2}]"]
    assert charged(tariff(lines, extra=INPUTS + SEASONS), usage="20")["a"] == [500, 1000, 500, 1000]


def test_a_price_that_waits_for_the_next_bill_stands_in_a_series() -> None:
    first = ["a, per_unit, quantity: usage, change: first_period_on_or_after, price: 0.30"]
    with pytest.raises(TariffError, match="the series 'prices'"):
        twice(first)
    series = "prices: [{from: 2024-01-01, price: 0.30}, {from: 2024-03-16, price: 0.20}]"
    later = [f"a, per_unit, quantity: usage, change: first_period_on_or_after, {series}"]
    assert sum(charged(tariff(first, later), usage="100")["a"]) == 3000


def test_a_quantity_is_told_in_its_own_unit() -> None:
    for line in ("a, per_unit, quantity: water, price: 2", "a, tiered, quantity: water, tiers: [{price: 2}]"):
        told = " ".join(words(tariff([line]), water="12")[0])
        assert "12 kgal" in told and "kWh" not in told
    told = " ".join(words(tariff(["a, demand, quantity: kva, price: 2"], extra="inputs: {kva: {kind: per_period, "
                                 "unit: kVA}}"), kva="12")[0])  # fmt: skip
    assert "12 kVA" in told and "kW " not in told


@pytest.mark.parametrize(
    "line",
    [
        "a, per_unit, quantity: usage, price: rate",
        "a, demand, quantity: kw, price: rate",
        "a, demand, quantity: kw, tiers: [{up_to: 5, price: rate}, {price: rate}]",
    ],
)
def test_a_price_is_of_the_unit_that_is_counted(line: str) -> None:
    extra = UNITS + "values: {rate: {formula: 3, unit: USD/kgal}}\n"
    with pytest.raises(TariffError, match="USD/kgal"):
        tariff([line], extra=extra)


def test_a_minimum_is_of_the_unit_that_it_is_multiplied_by() -> None:
    extra = UNITS + "values: {rate: {formula: 3, unit: USD/kgal}}\n"
    with pytest.raises(TariffError, match="USD/kW"):
        tariff([WATER, "a, minimum, base: [w], amount: rate, times: kw, per: period"], extra=extra)


def test_rounding_is_told_only_where_it_changed_something() -> None:
    lines = ["a, tiered, quantity: usage, tiers: [{up_to: 8, price: 1}, {up_to: 16, price: 2}, {price: 3}]"]
    told = " ".join(" ".join(steps) for steps in words(tariff(lines, decimals=6), ends=date(2024, 3, 21), usage="90"))
    assert "5.333333" in told
    assert "= 5.333333, rounded to 5.333333" not in told


ONCE = "b, fixed, per: period, price: 40, prorate: false"
WHOLE = {
    "minimum that is reached": ([ONCE, "a, minimum, base: [b], amount: 40, per: period"], []),
    "minimum": ([ONCE, "a, minimum, base: [b], amount: 45, per: period"], [500]),
    "minimum by the day": ([ONCE, "a, minimum, base: [b], amount: 2, per: day"], [2000]),
    "minimum of both": ([WATER, ONCE, "a, minimum, base: [w, b], amount: 145, per: period, prorate: false"], [500]),
    "minimum of usage": ([ONCE, "a, minimum, base: [b], amount: usage * 0.5, per: period, prorate: false"], [1000]),
    "minimum of a line": ([WATER, ONCE, "a, minimum, base: [b], amount: line(w), per: period, prorate: false"], [6000]),
    "cap": ([ONCE, "a, cap, base: [b], amount: 25, per: period"], [-1500]),
    "cap of both": ([WATER, ONCE, "a, cap, base: [w, b], amount: 120, per: period"], [-2000]),
    "exemption": ([ONCE, "a, percent_of, base: [b], percent: 10, exempt: 20"], [200]),
    "cap of a tax": ([ONCE, "a, percent_of, base: [b], percent: 10, cap: 3"], [300]),
    "dollars off": ([ONCE, "a, discount, of: [b], dollars: 30"], [-3000]),
    "least": ([ONCE, "a, discount, of: [b], percent: 50, least: 30"], [-1000]),
    "first units": ([ONCE, "a, discount, of: [b], percent: 50, first: {units: 50, quantity: usage}"], [-1000]),
    "a tax's lines": ([ONCE, "t, percent_tax, base: [b], percent: 10", "a, cap, base: [t], amount: 3, per: period"],
                      [-100]),
    "a formula's lines": ([ONCE, "t, formula, amount: line(b) / 10", "a, cap, base: [t], amount: 3, per: period"],
                          [-100]),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "cents"), WHOLE.values(), ids=WHOLE)
def test_limits_on_a_line_that_stands_once_look_at_the_whole_bill_once(lines: list[str], cents: list[int]) -> None:
    assert charged(tariff(lines), usage="100").get("a", []) == cents
    assert charged(twice(lines), usage="100").get("a", []) == cents


def test_a_whole_bill_is_settled_by_its_days() -> None:
    lines = [ONCE, "a, minimum, base: [b], amount: 40, per: period"]
    assert charged(twice(lines), ends=LONGER, usage="100")["a"] == [2000]


def test_a_limit_that_looks_at_whole_bills_in_one_version_does_so_in_all() -> None:
    shared = ["b, fixed, per: period, price: 40", "a, minimum, base: [b], amount: 30, per: period"]
    once = [ONCE, shared[1]]
    assert charged(tariff(once, shared))["a"] == [1000]
    assert charged(tariff(shared, once)).get("a") is None


CREDIT = "n, net_metering, option: nem-dollar, earned: [x], offsets: [w], brought: bank"
EXPORT = "x, per_unit, quantity: water, price: -1"


def test_credits_meet_the_charges_of_the_whole_bill() -> None:
    lines = [WATER, EXPORT, CREDIT]
    assert charged(twice(lines), usage="100", water="0", bank="100")["n"] == [-10000]
    assert charged(twice(lines), usage="100", water="30", bank="90")["n"] == [-9000, 2000]
    later = [WATER, "x, per_unit, quantity: water, price: -3", CREDIT]
    assert "n" not in charged(tariff(lines, later), usage="100", water="50", bank="0")


def test_unrounded_credits_read_lines_that_do_not_stand_as_zero() -> None:
    unrounded = CREDIT + ", lines: exact"
    lines = ["w, per_unit, quantity: usage, price: 1, applies: kw > 3", EXPORT, unrounded]
    assert charged(tariff(lines), usage="100", kw="2", water="30", bank="1")["n"] == [-100, 3100]
    winter = ["w, per_unit, quantity: usage, price: 1, season: summer", EXPORT, unrounded]
    seasons = INPUTS + SEASONS.replace("03-16", "06-16")
    assert charged(tariff(winter, extra=seasons), usage="100", water="30", bank="1")["n"] == [-100, 3100]


def refused(rates: Tariff, match: str, **facts: str) -> None:
    """Both faces refuse the bill with these words."""
    stated: dict[str, Decimal | str | None] = {name: Decimal(fact) for name, fact in facts.items()}
    with pytest.raises(OutOfRange, match=match):
        amounts(rates, OPENS, CLOSES, stated)
    with pytest.raises(OutOfRange, match=match):
        price(rates, bills_frame(rates, [(OPENS, CLOSES, stated)]))


def test_unrounded_credits_of_a_cut_bill_are_refused() -> None:
    lines = [WATER, EXPORT, CREDIT + ", lines: exact"]
    refused(twice(lines), "cut the bill there", usage="100", water="30", bank="1")


def test_credits_beyond_what_a_line_can_show_are_refused_in_the_right_words() -> None:
    lines = [WATER, "x, per_unit, quantity: water, price: -99999", CREDIT]
    refused(tariff(lines), "more than 10000000000 dollars", usage="0", water="900000", bank="0")


def test_a_yearly_settlement_that_does_not_apply_refuses_nothing() -> None:
    yearly = "a, minimum, base: [w], amount: 500, per: year, settled_in: 3, so_far: used, applies: "
    closes = date(2024, 4, 1)
    idle = twice([WATER, yearly + "kw > 3"])
    assert "a" not in charged(idle, ends=closes, usage="100", used="3", kw="2")
    due = twice([WATER, yearly + "kw > 1"])
    with pytest.raises(OutOfRange, match="settles the year"):
        amounts(due, OPENS, closes, {"usage": Decimal(100), "used": Decimal(3), "kw": Decimal(2)})


def test_an_undivided_demand_price_is_reckoned_only_where_it_stands() -> None:
    extra = INPUTS + SEASONS + "values: {rate: {by: [season], table: {winter: 5 / (kw - kw), summer: 5}}}\n"
    lines = ["a, demand, quantity: kw, price: rate, prorate: false, season: each"]
    assert charged(tariff(lines, extra=extra), kw="10")["a"] == [5000]
