"""Reports are found by being there, and none knows another."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from meterbook import reports

ROOT = Path(__file__).resolve().parents[2]


def test_every_report_is_kept_from_every_other() -> None:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = found["tool"]["importlinter"]["contracts"]
    (apart,) = [each for each in contracts if each.get("id") == "multiplies-reports"]
    assert apart["modules"] == [f"meterbook.reports.{name}" for name in reports.names()]
    assert len(reports.names()) == 46


@pytest.mark.parametrize("name", reports.names())
def test_a_report_says_what_it_is(name: str) -> None:
    found = reports.report(name)
    assert found.name == name and str(found.says).endswith(".") and str(found.empty).endswith(".")
    names = [each.name for each in found.parameters]
    assert len(names) == len(set(names)) and not {"q", "sort", "page", "as", "paper"} & set(names)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match="no report 'weather'; known: adjustments"):
        reports.report("weather")
