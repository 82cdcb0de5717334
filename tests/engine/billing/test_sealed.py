"""What is sealed can be read back into the values it was sealed from, and hashed again by anybody."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from meterbook.engine.billing.build import build_bills
from meterbook.engine.billing.sealed import canonical, seal, unsealed
from meterbook.engine.rates.tariff import Tariff, parse_tariff

TARIFF = """
schedule: W-RES
title: {en: Water, es: Agua}
commodity: water
unit: ccf
eligibility: {en: Example, es: Ejemplo}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: Alder Bend, resolution: R, section: S, url: u, adopted: 2023-11-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: s}
    components:
      - {id: base, component: by_size, label: {en: Base, es: Base}, revenue: "4",
         key: meter_size, prices: {5/8in: "10.00", 1in: "20.00"}}
      - {id: use, component: per_unit, label: {en: Use, es: Uso}, revenue: "4", quantity: usage, price: "2.50"}
"""


def tariff() -> Tariff:
    return parse_tariff(TARIFF, file="w.yaml")


def piece(meter: str, quantity: int) -> dict[str, object]:
    return {
        "meter": meter, "channel": "delivered", "from_value": "10", "to_value": str(10 + quantity), "dials": 6,
        "multiplier": "1", "quantity_e6": quantity * 1_000_000, "estimated": False,
    }  # fmt: skip


def due() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": pl.Series([1, 2], dtype=pl.Int64),
            "account": pl.Series([1, 2], dtype=pl.Int64),
            "document": pl.Series([5, 5], dtype=pl.Int64),
            "starts": [date(2024, 4, 1)] * 2,
            "ends": [date(2024, 5, 1)] * 2,
            "det.usage": pl.Series([7_000_000, 9_000_000], dtype=pl.Int64),
            "det.meter_size": ["5/8in", "1in"],
            "pieces": [[piece('A "é"\n', 7)], [piece("B", 4), piece("C", 5)]],
        }
    )


def stored(agreements: pl.DataFrame) -> pl.DataFrame:
    sealed = build_bills(agreements, {5: tariff()}).sealed
    keys = agreements.select("row", "account", "document", "starts", "ends")
    return keys.join(sealed, on="row", maintain_order="left")


def test_the_sealed_text_is_what_anybody_writes_who_reads_it_back() -> None:
    sealed = seal(due(), ["det.usage", "det.meter_size"])["inputs"]
    assert sealed.to_list() == [canonical(text) for text in sealed]
    spaced = [json.dumps(dict(reversed(json.loads(text).items())), indent=2) for text in sealed]
    assert spaced != sealed.to_list()
    assert [canonical(text) for text in spaced] == sealed.to_list()


def test_bills_built_of_what_was_sealed_are_the_same_bills() -> None:
    built = build_bills(due(), {5: tariff()})
    again = build_bills(unsealed(stored(due()), tariff()), {5: tariff()})
    assert built.lines.height == 4
    assert again.lines.equals(built.lines)
    assert again.sealed.equals(built.sealed)
    assert again.disagreeing.is_empty()


def test_a_changed_figure_in_the_sealed_text_changes_the_bill() -> None:
    changed = stored(due()).with_columns(pl.col("inputs").str.replace('"usage":7000000', '"usage":8000000'))
    built = build_bills(unsealed(changed, tariff()), {5: tariff()})
    assert built.lines.filter(pl.col("row") == 1)["amount"].to_list() == [1000, 2000]
    assert built.disagreeing["row"].to_list() == [1]
    assert "reads add up to usage 7" in built.disagreeing["detail"][0]
