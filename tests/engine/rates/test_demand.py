"""Billed demand: ratchets over a history of months, rounding, and the public vectors of REopt."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.components.demand.lookback import Lookback, highest_before, highest_in_year
from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, parse_tariff

VECTORS = Path(__file__).parents[4] / "shared/data/reopt/vectors.json"
HEAD = """\
schedule: KW
title: {en: Demand, es: Demanda}
commodity: electricity
unit: kWh
eligibility: {en: Anyone, es: Cualquiera}
versions:
  - version: one
    effective: 2023-01-01
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2022-12-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: s}
    components:
"""


def tariff_of(settings: str) -> Tariff:
    """A tariff with one demand charge."""
    line = f'      - {{id: kw, component: demand, label: {{en: kW, es: kW}}, revenue: "1", quantity: kw, {settings}}}\n'
    return parse_tariff(HEAD + line, file="kw.yaml")


def months() -> list[tuple[date, date]]:
    """The calendar months of 2023."""
    return [(date(2023, at, 1), date(2023 + at // 12, at % 12 + 1, 1)) for at in range(1, 13)]


def vector(name: str) -> dict[str, object]:
    """One public vector; the test is skipped by name where they do not lie beside the checkout."""
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS.name} of REopt is not here")
    numbers = json.loads(VECTORS.read_text(), parse_float=Decimal, parse_int=Decimal)
    return next(one for one in numbers if one["name"] == name)


def year(
    demand: list[Decimal], rates: list[Decimal], percent: Decimal, lookback: Lookback
) -> tuple[list[Decimal], Decimal]:
    """Billed kW of every month and the dollars of the year, by both faces."""
    billed, total = [], Decimal(0)
    for at, (starts, ends) in enumerate(months()):
        settings = f'price: "{rates[at]}", ratchet: {{of: highest, percent: "{percent * 100:f}"}}'
        tariff = tariff_of(settings)
        facts: dict[str, Decimal | str | None] = {
            "kw": demand[at],
            "highest": highest_in_year(demand, month=at + 1, lookback=lookback),
        }
        (line,) = amounts(tariff, starts, ends, facts)
        priced = price(tariff, bills_frame(tariff, [(starts, ends, facts)]))
        assert priced["amount"].to_list() == [line[4]]
        billed.append(line[7])
        total += Decimal(line[4]) / 100
    return billed, total


def _load(peaks: dict[int, int], otherwise: int) -> list[Decimal]:
    return [Decimal(peaks.get(month, otherwise)) for month in range(1, 13)]


def test_reopt_lookback_of_named_months() -> None:
    one = vector("lookback_months")
    named = tuple(int(month) for month in one["lookback_months"])  # type: ignore[attr-defined]
    demand = _load({1: 200, 4: 400, 6: 500, 12: 300}, 100)
    found = year(demand, one["rates"], one["lookback_percent"], Lookback(11, named))  # type: ignore[arg-type]
    assert found == (one["billing_kw"], one["expected_demand_year"])


def test_reopt_lookback_of_a_range() -> None:
    one = vector("lookback_range_6")
    demand = _load({1: 200, 4: 400, 6: 500, 12: 300}, 100)
    found = year(demand, one["rates"], one["lookback_percent"], Lookback(int(str(one["lookback_range"]))))  # type: ignore[arg-type]
    assert found == (one["billing_kw"], one["expected_demand_year"])


def test_reopt_ratchet_of_35_percent() -> None:
    one = vector("lookback_35pct")
    flat: dict[str, Decimal] = one["flat_rates"]  # type: ignore[assignment]
    rates = [flat["cold6"]] * 3 + [flat["warm6"]] * 6 + [flat["cold6"]] * 3
    _, total = year(_load({1: 100}, 1), rates, one["ratchet_percent"], Lookback(11))  # type: ignore[arg-type]
    assert total == one["expected_demand_year"]


def test_only_months_before_this_one_count() -> None:
    history = {(2025, 12): Decimal(300), (2026, 1): Decimal(200), (2026, 2): Decimal(90), (2026, 3): Decimal(999)}
    assert highest_before(history, year=2026, month=3, lookback=Lookback(11)) == 300
    assert highest_before(history, year=2026, month=3, lookback=Lookback(2)) == 200
    assert highest_before(history, year=2026, month=3, lookback=Lookback(11, (2, 3))) == 90
    assert highest_before(history, year=2027, month=1, lookback=Lookback(11)) == 999
    assert highest_before(history, year=2027, month=4, lookback=Lookback(11)) is None
    assert highest_before({}, year=2026, month=3, lookback=Lookback()) is None


@pytest.mark.parametrize(
    ("step", "mode", "kw", "billed"),
    [
        ("0.1", "half_up", "47.25", "47.3"),
        ("0.1", "half_even", "47.25", "47.2"),
        ("0.1", "half_even", "47.35", "47.4"),
        ("0.1", "up", "47.200001", "47.3"),
        ("0.1", "down", "47.299999", "47.2"),
        ("1", "half_up", "47.499999", "47"),
        ("5", "up", "47", "50"),
        ("5", "down", "47", "45"),
        ("5", "half_up", "47.5", "50"),
        ("5", "half_even", "42.5", "40"),
        ("1", "up", "47", "47"),
    ],
)
def test_billed_demand_is_rounded_as_the_tariff_says(step: str, mode: str, kw: str, billed: str) -> None:
    tariff = tariff_of(f'price: "1", rounded: {{to: "{step}", mode: {mode}}}')
    starts, ends = months()[5]
    frame = bills_frame(tariff, [(starts, ends, {"kw": Decimal(kw)})])
    assert Decimal(price(tariff, frame)["quantity"][0]).scaleb(-6) == Decimal(billed)
    assert amounts(tariff, starts, ends, {"kw": Decimal(kw)})[0][7] == Decimal(billed)
