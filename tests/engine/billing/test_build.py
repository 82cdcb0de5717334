"""One bill that cannot be priced is held with its reason; the bills beside it are not."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.engine.billing.build import build_bills
from meterbook.engine.rates.tariff import parse_tariff

TARIFF = """
schedule: S-COM
title: {en: Sewer, es: Alcantarillado}
commodity: sewer
unit: ccf
eligibility: {en: Example, es: Ejemplo}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: Alder Bend, resolution: R, section: S, url: u, adopted: 2023-11-01}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: s}
    inputs:
      strength: {kind: count}
      flow: {kind: count}
    components:
      - {id: strength, component: fixed, label: {en: Strength, es: Carga}, revenue: "4", per: period,
         price: strength / flow}
"""


def test_a_bill_that_divides_by_zero_is_held_alone() -> None:
    due = pl.DataFrame(
        {
            "row": pl.Series([7, 8, 9], dtype=pl.Int64),
            "account": pl.Series([1, 2, 3], dtype=pl.Int64),
            "document": pl.Series([5, 5, 5], dtype=pl.Int64),
            "starts": [date(2024, 4, 1)] * 3,
            "ends": [date(2024, 5, 1)] * 3,
            "det.strength": pl.Series([3_000_000, 3_000_000, 1_000_000], dtype=pl.Int64),
            "det.flow": pl.Series([2_000_000, 0, 3_000_000], dtype=pl.Int64),
            "pieces": pl.Series([[], [], []], dtype=pl.List(pl.Struct({"kind": pl.String}))),
        }
    )
    built = build_bills(due, {5: parse_tariff(TARIFF, file="s.yaml")})
    assert built.lines.select("row", "amount").rows() == [(7, 150), (9, 33)]
    assert built.disagreeing.rows() == [
        (8, "explanation_differs", "S-COM: component strength: a formula divides by zero")
    ]
    assert built.sealed["row"].to_list() == [7, 8, 9]


def test_a_fact_behind_a_condition_is_asked_only_of_bills_that_meet_it() -> None:
    text = TARIFF.replace("price: strength / flow}", "price: strength / flow,\n         applies: flow > 0}")
    tariff = parse_tariff(text, file="s.yaml")
    assert {one.name: one.conditional for one in tariff.required_determinants()} == {"strength": True, "flow": False}
    due = pl.DataFrame(
        {
            "row": pl.Series([7, 8, 9], dtype=pl.Int64),
            "account": pl.Series([1, 2, 3], dtype=pl.Int64),
            "document": pl.Series([5, 5, 5], dtype=pl.Int64),
            "starts": [date(2024, 4, 1)] * 3,
            "ends": [date(2024, 5, 1)] * 3,
            "det.strength": pl.Series([3_000_000, None, None], dtype=pl.Int64),
            "det.flow": pl.Series([2_000_000, 0, 3_000_000], dtype=pl.Int64),
            "pieces": pl.Series([[], [], []], dtype=pl.List(pl.Struct({"kind": pl.String}))),
        }
    )
    built = build_bills(due, {5: tariff})
    assert built.lines.select("row", "amount").rows() == [(7, 150)]
    assert built.disagreeing.rows() == [
        (9, "missing_fact", "S-COM: component strength needs determinant strength, which is missing")
    ]
