"""What a component may see of its bill beyond its own days: unrounded lines, and lines of an earlier version."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.price import price
from meterbook.engine.rates.running import Running
from meterbook.engine.rates.tariff import Tariff, parse_tariff
from meterbook.engine.rates.versions import Earlier, slices

HEAD = """
schedule: ST
title: {en: Stormwater, es: Aguas pluviales}
commodity: stormwater
unit: sqft
eligibility: {en: Example, es: Ejemplo}
versions:
"""
VERSION = """
  - version: "NAME"
    effective: DAY
    source: {utility: Alder Bend, resolution: R, section: S, url: "https://example.org", adopted: 2023-11-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: s}
    components:
"""
AREA = """
      - {id: area, component: per_unit_of_area, label: {en: Area, es: Área}, revenue: "4", area: sqft, unit_size: 1000,
         rounding: exact, price: 5}
      - {id: fee, component: formula, label: {en: Fee, es: Cargo}, revenue: "4", amount: exact(area) / 100,
         prorate: false}
"""


def _tariff(*versions: tuple[str, str]) -> Tariff:
    text = "".join(VERSION.replace("NAME", day).replace("DAY", day) + components for day, components in versions)
    return parse_tariff(HEAD + text, file="st.yaml")


def test_a_line_with_a_long_denominator_is_carried_unrounded() -> None:
    tariff = _tariff(("2024-01-01", AREA))
    # 45 days of 15 acres and of a small lot: the first was refused as too large, and the second with it
    bills = bills_frame(
        tariff, [(date(2024, 4, 1), date(2024, 5, 16), {"sqft": Decimal(sqft)}) for sqft in (653400, 2000)]
    )
    lines = price(tariff, bills)
    assert lines.select("row", "component", "amount").rows() == [
        (1, "area", 490050), (1, "fee", 4901), (2, "area", 1500), (2, "fee", 15)
    ]  # fmt: skip
    assert disagreements(tariff, bills, lines) == []


def test_a_component_sees_what_its_bill_came_to_under_the_version_before() -> None:
    tariff = _tariff(("2024-01-01", AREA), ("2024-04-16", AREA), ("2024-04-26", AREA))
    bills = bills_frame(tariff, [
        (date(2024, 4, 1), date(2024, 5, 1), {"sqft": Decimal(6000)}),
        (date(2024, 4, 20), date(2024, 5, 20), {"sqft": Decimal(3000)}),
        (date(2024, 4, 27), date(2024, 5, 27), {"sqft": Decimal(9000)}),
    ])  # fmt: skip
    earlier = Earlier()
    seen = []
    for one in slices(tariff, bills):
        running = Running(one, one.version.reads_exact, earlier)
        for component in one.version.components:
            seen += (
                zip(one.rows.to_list(), running.charged().before("area"), strict=True) if component.id == "fee" else []
            )
            running.add(component)
        earlier.add(one, running.cents)
    assert seen == [(1, 0), (1, 1500), (2, 0), (1, 2500), (2, 300), (3, 0)]
