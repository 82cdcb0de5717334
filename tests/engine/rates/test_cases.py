"""Worked bills: of every kind of charge, of real cities as they print them, and of the demo city's schedules."""

from __future__ import annotations

from pathlib import Path

import pytest

from meterbook.engine.rates import components
from meterbook.engine.rates.check import run_cases, split_example
from meterbook.engine.rates.tariff import parse_tariff

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
KINDS = ROOT / "src/meterbook/engine/rates/components"
EXAMPLES = sorted([*KINDS.glob("*/cases.yaml"), *(HERE / "published").glob("*.yaml")])
SCHEDULES = sorted((ROOT / "tariffs").glob("*/*.cases.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_both_faces_give_the_worked_bill(path: Path) -> None:
    tariff, cases = split_example(path.read_text())
    results = run_cases(parse_tariff(tariff, file=path.name), cases, file=path.name)
    assert results
    assert [result for result in results if not result.passed] == []


@pytest.mark.parametrize("path", SCHEDULES, ids=lambda path: path.stem)
def test_a_schedule_gives_its_worked_bills(path: Path) -> None:
    document = path.with_name(path.name.replace(".cases", ""))
    results = run_cases(parse_tariff(document.read_text(), file=document.name), path.read_text(), file=path.name)
    assert results
    assert [result for result in results if not result.passed] == []


def test_every_schedule_has_cases() -> None:
    documents = {path.stem for path in (ROOT / "tariffs").glob("*/*.yaml") if ".cases" not in path.name}
    assert documents == {path.name.removesuffix(".cases.yaml") for path in SCHEDULES}


@pytest.mark.parametrize("keyword", components.keywords())
def test_a_kind_of_charge_is_a_whole_folder(keyword: str) -> None:
    names = {path.name for path in (KINDS / keyword).iterdir()}
    assert {"__init__.py", "settings.py", "price.py", "explain.py", "README.md", "cases.yaml"} <= names


def test_a_wrong_case_is_reported_with_what_was_found() -> None:
    tariff, cases = split_example((KINDS / "matrix/cases.yaml").read_text())
    (result, *_) = run_cases(parse_tariff(tariff, file="m"), cases.replace("456.20", "456.21"), file="m")
    assert not result.passed
    assert result.problems[0].startswith("price gave bin.0 456.20")
