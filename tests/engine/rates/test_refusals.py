"""What cannot be priced is refused by both faces, with the rows and in the words of the office."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from meterbook.engine.rates import book, check, components, document, fixed_point, spans, tariff
from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import MissingDeterminant, NotInForce, OutOfRange, Refusal, UnknownKey

APRIL = (date(2024, 4, 1), date(2024, 5, 1))
Facts = Mapping[str, Decimal | str | None]

REFUSED: list[tuple[str, tuple[date, date], Facts, type[Refusal], str]] = [
    ("E-RES", APRIL, {}, MissingDeterminant, "E-RES: component energy needs determinant usage, which is missing"),
    ("E-RES", APRIL, {"usage": Decimal(-1)}, OutOfRange, "determinant usage must be from 0"),
    ("E-RES", APRIL, {"usage": Decimal(10**9 + 1)}, OutOfRange, "determinant usage must be from 0"),
    ("S-RES", APRIL, {"dwelling_units": Decimal(10**6 + 1), "winter_average": Decimal(1)}, OutOfRange,
     "dwelling_units"),
    ("E-RES", (date(2023, 12, 31), date(2024, 1, 31)), {"usage": Decimal(1)}, NotInForce,
     "its first takes effect 2024-01-01"),
    ("E-RES", (APRIL[0], APRIL[0]), {"usage": Decimal(1)}, OutOfRange, "a bill must hold 1 to 3660 days"),
    ("E-RES", (APRIL[0], date(2044, 1, 1)), {"usage": Decimal(1)}, OutOfRange, "a bill must hold 1 to 3660 days"),
    ("W-RES", APRIL, {"usage": Decimal(1), "meter_size": "7"}, UnknownKey, "no price for meter_size = 7"),
    ("W-RES", APRIL, {"usage": Decimal(1)}, MissingDeterminant, "needs determinant meter_size"),
    ("R-BIN", APRIL, {"bin_size": "2yd", "pickups_per_week": "7"}, UnknownKey, "pickups_per_week = 7"),
    ("L-OLS", APRIL, {"lamp_type": "HPS 100"}, MissingDeterminant, "component lamps needs determinant lamps"),
    ("ST", APRIL, {"impervious_sqft": Decimal(10**8 + 1)}, OutOfRange, "impervious_sqft must be from 0"),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]}-{case[3].__name__}-{case[4][:30]}")
def test_both_faces_refuse(
    case: tuple[str, tuple[date, date], Facts, type[Refusal], str], alder_bend: dict[str, Tariff]
) -> None:
    schedule, period, facts, refusal, words = case
    rates = alder_bend[schedule]
    with pytest.raises(refusal, match=words.replace("(", r"\(")):
        price(rates, bills_frame(rates, [(*period, facts)]))
    with pytest.raises(refusal, match=words.replace("(", r"\(")):
        amounts(rates, starts=period[0], ends=period[1], determinants=facts)


def test_a_refusal_names_its_rows(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["W-RES"]
    good, bad = {"usage": Decimal(1), "meter_size": "1"}, {"usage": None, "meter_size": "1"}
    frame = bills_frame(rates, [(*APRIL, facts) for facts in [good, bad, good, bad]])
    with pytest.raises(MissingDeterminant, match=r"which is missing \(rows 2, 4\)") as refused:
        price(rates, frame)
    assert refused.value.rows == [2, 4]


def test_the_largest_numbers_are_exact(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["E-RES"]
    frame = bills_frame(rates, [(date(2025, 6, 20), date(2035, 6, 20), {"usage": Decimal(10**9)})])
    assert disagreements(rates, frame, price(rates, frame)) == []


def test_a_row_that_stands_twice_is_refused(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["E-RES"]
    frame = bills_frame(rates, [(*APRIL, {"usage": Decimal(1)})] * 2).with_columns(row=pl.lit(7, dtype=pl.Int64))
    with pytest.raises(OutOfRange, match="a row number stands twice"):
        price(rates, frame)


def test_a_float_column_is_refused(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["E-RES"]
    frame = bills_frame(rates, [(*APRIL, {"usage": Decimal(1)})]).with_columns(pl.col("det.usage").cast(pl.Float64))
    with pytest.raises(OutOfRange, match=r"column det\.usage is Float64, expected Int64"):
        price(rates, frame)


def test_no_bills_no_lines(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["E-RES"]
    assert price(rates, bills_frame(rates, [])).is_empty()


def test_lines_without_a_bill_and_bills_without_lines_disagree(alder_bend: dict[str, Tariff]) -> None:
    rates = alder_bend["E-RES"]
    frame = bills_frame(rates, [(*APRIL, {"usage": Decimal(1)})] * 2)
    lines = price(rates, frame)
    assert [one.row for one in disagreements(rates, frame, lines.filter(pl.col("row") == 2))] == [1]
    assert [one.row for one in disagreements(rates, frame.filter(pl.col("row") == 1), lines)] == [2]


def test_a_long_bill_in_the_words_of_the_office(alder_bend: dict[str, Tariff]) -> None:
    bill = explain(
        alder_bend["E-RES"], starts=date(2026, 4, 1), ends=date(2026, 5, 16), determinants={"usage": Decimal(462)}
    )
    tier = next(line for line in bill.lines if line.component == "energy")
    assert tier.label == {"en": "Energy, tier 1", "es": "Energía, nivel 1"}
    words = [step.words(str) for step in tier.steps()]
    assert "Tier 1 holds 308 kWh per 30 days; this bill has 45 days, so 308 × 45 ÷ 30 = 462 kWh." in words
    assert words[-1] == "Rounded to the cent, half a cent up: $80.34."
    assert bill.total_cents == 896 + 8034 + 300 + 462 + 14


def test_the_rate_book_lists_what_is_printed(alder_bend: dict[str, Tariff]) -> None:
    sheet = book.rate_book(alder_bend["E-RES"], language="es")
    assert [version.version for version in sheet.versions] == ["2025-07", "2024-01"]
    energy = sheet.versions[0].sections[1]
    assert (energy.label, energy.part_labels[0]) == ("Cargo por energía", "Energía, nivel 1")
    assert [rate.words.words(str) for rate in energy.rates][:2] == ["Up to 308 kWh", "Over 308 up to 1000 kWh"]
    for schedule in alder_bend.values():
        assert book.rate_book(schedule).versions
        assert book.describe(schedule)["schedule"] == schedule.schedule


def test_explain_knows_nothing_of_the_columns() -> None:
    """Neither face module of `explain` imports polars or a module of the column face."""
    files = [Path(str(module.__file__)) for module in (spans, import_module("meterbook.engine.rates.explain"))]
    files += [Path(str(components.module(name, "explain").__file__)) for name in components.keywords()]
    forbidden = ("polars", "fixed_point", "versions", "prorate", "price")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            parts = {part for name in [*names, source] for part in name.split(".")}
            assert not parts & set(forbidden), f"{file.name} imports {parts & set(forbidden)}"


@pytest.mark.parametrize("module", [document, fixed_point, spans, tariff, check], ids=lambda module: module.__name__)
def test_the_examples_run(module: object) -> None:
    import doctest

    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
