"""Every rule's own worked cases: what it finds, with which figures, and what it leaves alone."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.engine.metering.validation.rows import days, reads

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.configure import Configured, parse
from meterbook.engine.metering.validation.figures import words
from meterbook.engine.metering.validation.run import run

FOLDER = Path(rules.__file__).parent
CASES = [
    pytest.param(name, case, id=f"{name}-{case['case']}")
    for name in rules.names()
    for case in yaml.safe_load((FOLDER / name / "cases.yaml").read_text(encoding="utf-8"))
]


def configured(*names: str, **settings: Any) -> Configured:
    """The rules alone, at their defaults or with some parameters, queueing all they find."""
    entries = [
        {"rule": name, "then": "queue", **({"for": {"commodity": "water"}, **settings} if settings else {})}
        for name in names
    ]
    return parse({
        "policy": "read-validation", "citation": "cases", "effective": date(2024, 1, 1), "rules": entries,
        "value_per_unit": {"water": {"unit": "ccf", "dollars": "4.10"},
                           "electricity": {"unit": "kWh", "dollars": "0.16"}},
    })  # fmt: skip


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_rule_finds_what_its_cases_say_and_nothing_else(name: str, case: dict[str, Any]) -> None:
    rule = rules.rule(name)
    frame = (reads if rule.applies_to == "reads" else days)(case["rows"])
    found = run(frame, configured(name, **case.get("settings", {})), kind=rule.applies_to)
    key = "row" if rule.applies_to == "reads" else "channel"
    figures = {number: json.loads(text) for number, text in found.select(key, "figures").iter_rows()}
    expected = {number: row["finds"] for number, row in enumerate(case["rows"], 1) if "finds" in row}
    assert {number: one["what"] for number, one in figures.items()} == expected
    for number, row in enumerate(case["rows"], 1):
        wanted = row.get("figures", {})
        assert {key: figures[number][key] for key in wanted} == wanted


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_is_found_reads_as_a_sentence(name: str, case: dict[str, Any]) -> None:
    rule = rules.rule(name)
    frame = (reads if rule.applies_to == "reads" else days)(case["rows"])
    found = run(frame, configured(name, **case.get("settings", {})), kind=rule.applies_to)
    for text in found["figures"]:
        sentence = words(rule, text, str)
        assert sentence.endswith(".") and "%" not in sentence and "None" not in sentence and "  " not in sentence


@pytest.mark.parametrize("name", rules.names())
def test_a_rule_has_cases_for_each_of_its_sentences_and_for_silence(name: str) -> None:
    cases = yaml.safe_load((FOLDER / name / "cases.yaml").read_text(encoding="utf-8"))
    rows = [row for case in cases for row in case["rows"]]
    assert {row["finds"] for row in rows if "finds" in row} == set(rules.rule(name).says)
    assert any("finds" not in row for row in rows)


@pytest.mark.parametrize("name", rules.names())
def test_a_manual_names_every_parameter_with_its_default(name: str) -> None:
    manual = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    for parameter in rules.rule(name).parameters:
        (line,) = [line for line in manual.splitlines() if line.startswith("|") and f"`{parameter.name}`" in line]
        said = line.split("|")[2].strip()
        assert said.startswith("as in") or Decimal(said.split()[0]) == parameter.default, line
