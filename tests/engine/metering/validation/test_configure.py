"""The policy document: read whole or refused whole, each problem with its path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.configure import WrongRules, parse

POLICY = Path(__file__).resolve().parents[4] / "policies/alder-bend/read-validation.yaml"


def document(**changes: Any) -> dict[str, Any]:
    return {
        "policy": "read-validation", "citation": "Ordinance 1", "effective": date(2024, 1, 1),
        "value_per_unit": {"water": {"unit": "ccf", "dollars": "4.10"}},
        "limits": [{"commodity": "water", "size": "5/8", "daily": "38.5", "unit": "ccf"}],
        "rules": [{"rule": "zero", "then": "note"}], **changes,
    }  # fmt: skip


def test_the_last_matching_entry_holds_and_what_is_not_named_is_off() -> None:
    found = parse(document(rules=[
        {"rule": "high_low", "then": "queue"},
        {"rule": "high_low", "for": {"commodity": "water", "class": "residential"}, "then": "note", "high": "3"},
        {"rule": "high_low", "for": {"size": "8"}, "then": False},
    ]))  # fmt: skip
    house = {"commodity": "water", "premise_class": "residential", "size": "5/8"}
    assert found.then_of("high_low", **house) == "note"
    assert found.then_of("high_low", **{**house, "premise_class": "commercial"}) == "queue"
    assert found.then_of("high_low", **{**house, "size": "8"}) == "off"
    assert found.then_of("zero", **house) == "off"


def test_quantities_are_converted_into_the_unit_of_the_rows() -> None:
    rule = {"rule": "high_low", "for": {"commodity": "water"}, "then": "queue", "least": "3", "high": "2.5"}
    (entry,) = parse(document(rules=[rule])).entries["high_low"]
    assert entry.settings("ccf")["least"] == 3_000_000
    assert entry.settings("gal")["least"] == 3 * 748 * 1_000_000
    assert entry.settings("kgal")["least"] == 2_244_000
    assert entry.settings("gal")["high"] == 2_500_000
    assert entry.settings("kVA")["least"] == 0
    (default,) = parse(document(rules=[{"rule": "high_low", "then": "queue"}])).entries["high_low"]
    assert default.settings("kWh")["least"] == 150_000_000
    assert default.settings("gal")["least"] == 3 * 748 * 1_000_000


def test_limits_and_worth_are_exact_in_any_unit() -> None:
    found = parse(document())
    assert found.limit_daily("water", "5/8", "ccf") == 38_500_000
    assert found.limit_daily("water", "5/8", "gal") == 28_798_000_000
    assert found.limit_daily("water", "3/4", "ccf") is None
    assert found.limit_daily("water", "5/8", "kWh") is None
    assert found.worth("water", "ccf") == Fraction(Decimal("4.10"))
    assert found.worth("water", "gal") == Fraction(41, 10) / 748
    assert found.worth("gas", "ccf") is None
    assert found.worth("water", "kWh") is None


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"policy": "billing-rules"}, "policy", "one of read-validation"),
        ({"effective": "soon"}, "effective", "a date YYYY-MM-DD"),
        ({"rules": []}, "rules", "a list"),
        ({"rules": [{"rule": "guess", "then": "queue"}]}, "rules[0].rule", "one of above_limit"),
        ({"rules": [{"rule": "zero", "then": "hold"}]}, "rules[0].then", "one of queue, note, off"),
        ({"rules": [{"rule": "zero"}]}, "rules[0].then", "the key 'then'"),
        ({"rules": [{"rule": "high_low", "then": "note", "low": 0.5}]}, "rules[0].low", "quotes from 0 to 1"),
        ({"rules": [{"rule": "high_low", "then": "note", "low": "1.5"}]}, "rules[0].low", "a number in quotes"),
        ({"rules": [{"rule": "high_low", "then": "note", "least": "3"}]}, "rules[0].least", "a commodity"),
        ({"rules": [{"rule": "zero", "then": "note", "factor": "3"}]}, "rules[0].factor", "one of rule, then, for"),
        ({"rules": [{"rule": "zero", "then": "note", "days": "2.5"}]}, "rules[0].days", "a whole number"),
        ({"rules": [{"rule": "zero", "then": "note", "for": {"street": "Elm"}}]}, "rules[0].for.street", "one of"),
        ({"rules": [{"rule": "spike", "then": "note", "for": {"channel": "x"}}]}, "rules[0].for.channel", "one of"),
        ({"limits": [{"commodity": "water", "size": "5/8", "daily": "-1", "unit": "ccf"}]}, "limits[0].daily", "0"),
        ({"limits": document()["limits"] * 2}, "limits[1]", "each size once"),
        ({"value_per_unit": {"water": {"unit": "barrel", "dollars": "4"}}}, "value_per_unit.water.unit", "one of"),
        ({"surprise": 1}, "surprise", "one of policy"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(changes: dict[str, Any], path: str, expected: str) -> None:
    with pytest.raises(WrongRules) as refused:
        parse(document(**changes))
    told = [problem for problem in refused.value.problems if problem.path == path]
    assert told and any(expected in problem.expected for problem in told), str(refused.value)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(WrongRules) as refused:
        parse({"policy": "x", "rules": [{"rule": "zero"}, {"rule": "nothing"}]})
    assert {"policy", "citation", "effective", "value_per_unit", "rules[0].then", "rules[1].rule"} <= {
        problem.path for problem in refused.value.problems
    }


def test_alder_bend_s_policy_names_every_rule_and_holds_what_cannot_be_true() -> None:
    found = parse(yaml.safe_load(POLICY.read_text(encoding="utf-8")))
    assert set(found.entries) == set(rules.names())
    house = {"commodity": "water", "premise_class": "residential", "size": "5/8"}
    for rule in ("above_limit", "negative", "unusual_rollover", "dial_count", "duplicate", "high_low"):
        assert found.then_of(rule, **house) == "queue"
    assert found.then_of("vacant", **house) == "note"
    for size in ("5/8", "3/4", "1", "1 1/2", "2", "3", "4"):
        assert found.limit_daily("water", size, "ccf")
