"""A version studied over bills of other years charges the price it begins with, not one it never charges."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.price import price
from meterbook.engine.rates.study.always import as_always, never_charged
from meterbook.engine.rates.study.prepared import prepare
from meterbook.engine.rates.tariff import Tariff, parse_tariff

VERSION = """\
  - version: "{year}"
    effective: {year}-01-01
    source: {{utility: U, resolution: R, section: S, url: "https://example.org", adopted: 2023-01-01}}
    proration: {{normal_days: 30, tolerance: [1, 366], usage_decimals: 0, source: S}}
    components:
      - {{id: base, label: {{en: B, es: B}}, revenue: "1", component: fixed, price: "1.00", per: period}}
      - id: rider
        label: {{en: R, es: R}}
        revenue: "1"
        component: per_unit
        quantity: usage
        change: {change}
        prices:
          - {{from: 2024-01-01, price: "0.10"}}
          - {{from: 2027-01-01, price: "0.20"}}
          - {{from: 2029-01-01, price: "0.50"}}
          - {{from: 2030-01-01, price: "0.90"}}
"""
HEAD = "schedule: W\ntitle: {en: W, es: W}\ncommodity: water\nunit: ccf\neligibility: {en: W, es: W}\nversions:\n"


def tariff(*years: int, change: str = "split") -> Tariff:
    text = HEAD + "".join(VERSION.format(year=year, change=change) for year in years)
    return parse_tariff(text, file="x")


def charged(always: Tariff, starts: date, ends: date) -> int:
    """Cents of the rider for 100 units."""
    lines = price(always, bills_frame(always, [(starts, ends, {"usage": "100"})]))
    return int(lines.filter(pl.col("component") == "rider")["amount"].sum())


@pytest.mark.parametrize("change", ["split", "first_period_on_or_after"])
def test_the_price_of_the_first_day_reaches_back_and_later_ones_keep_their_dates(change: str) -> None:
    always = as_always(tariff(2024, 2029, change=change))
    assert charged(always, date(2025, 3, 1), date(2025, 4, 1)) == 5000
    assert charged(always, date(2028, 12, 1), date(2029, 1, 1)) == 5000
    assert charged(always, date(2030, 3, 1), date(2030, 4, 1)) == 9000
    earlier = as_always(tariff(2024, 2029, change=change), "2024")
    assert charged(earlier, date(2025, 3, 1), date(2025, 4, 1)) == 1000
    assert charged(earlier, date(2028, 3, 1), date(2028, 4, 1)) == 2000


def test_a_draft_is_studied_with_what_it_begins_with() -> None:
    usage = pl.DataFrame(
        {"account": ["a"], "class": ["c"], "starts": [date(2025, 3, 1)], "ends": [date(2025, 4, 1)],
         "det.usage": [100_000_000]}
    )  # fmt: skip
    both = tariff(2024, 2029)
    found = prepare(both, usage, version="2024").impact(both, version="2029")
    assert (found.total.old, found.total.new) == (1100, 5100)


def test_prices_that_end_before_the_version_are_never_charged() -> None:
    both = tariff(2024, 2029)
    assert never_charged(both) == {f"versions[1].components[1].prices[{at}].price" for at in (0, 1)}
    assert never_charged(both, "2024") == frozenset()
