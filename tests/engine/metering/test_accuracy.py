"""Limits of meter tests: the released policy as written, both limits inclusive, words that name the side missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from meterbook.engine.metering.accuracy import WrongAccuracyRules, WrongMeasurement, due, judge, parse_accuracy

POLICY = Path(__file__).resolve().parents[3] / "policies" / "alder-bend" / "meter-accuracy.yaml"
RULES = parse_accuracy(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


def found(**percent: str) -> dict[str, Decimal]:
    return {point: Decimal(value) for point, value in percent.items()}


@pytest.mark.parametrize(
    ("minimum", "used", "passes"),
    [("95", False, True), ("94.99", False, False), ("94.99", True, True), ("90", True, True), ("89.9", True, False),
     ("101", False, True), ("101.01", False, False)],
)  # fmt: skip
def test_minimum_flow_of_a_small_meter(minimum: str, used: bool, passes: bool) -> None:
    kind = RULES.type_of("water", "5/8")
    assert kind is not None
    judged = judge(kind, found(minimum=minimum, intermediate="100", maximum="98.5"), used=used)
    assert judged.passed is passes


def test_a_watthour_meter_is_held_to_its_average_too() -> None:
    kind = RULES.type_of("electricity", "2S")
    assert kind is not None
    judged = judge(kind, found(full_load="102", light_load="103"), used=True)
    assert [(one.name, one.passed) for one in judged.points] == [
        ("full_load", True), ("light_load", True), ("average", False)]  # fmt: skip
    assert judged.points[-1].found == Decimal("102.20")
    assert (
        judged.points[-1].says.words(str) == "Weighted average: 102.20 percent is above 102 percent, the most allowed."
    )
    assert not judged.passed


def test_points_must_be_those_of_the_type() -> None:
    kind = RULES.type_of("water", "1")
    assert kind is not None and RULES.type_of("water", "10") is None
    with pytest.raises(WrongMeasurement, match="Maximum flow is missing"):
        judge(kind, found(minimum="97", intermediate="100"), used=False)
    with pytest.raises(WrongMeasurement, match="not tested at: Full load"):
        judge(kind, found(full_load="100"), used=False)
    with pytest.raises(WrongMeasurement, match="from 0 to 200"):
        judge(kind, found(minimum="-1", intermediate="100", maximum="100"), used=False)


def test_the_next_test_is_due_by_size() -> None:
    years = {size: kind.every_years for size in ("5/8", "2", "3", "6") if (kind := RULES.type_of("water", size))}
    assert years == {"5/8": 8, "2": 4, "3": 3, "6": 1}
    assert due(date(2023, 3, 1), 4) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"types": []}, "expected a list of meter types"),
        ({"types": [{"for": {"commodity": "water", "sizes": [1]}, "test_every_years": 8, "points": [
            {"point": "minimum", "at": "1 gpm", "new": ["95", "101"], "used": ["90", "101"]}]}]}, "a size in quotes"),
        ({"types": [{"for": {"commodity": "water", "sizes": ["1"]}, "test_every_years": 0, "points": [
            {"point": "minimum", "at": "1 gpm", "new": ["95", "101"], "used": ["90", "101"]}]}]}, "1 to 50 years"),
        ({"types": [{"for": {"commodity": "water", "sizes": ["1"]}, "test_every_years": 8, "points": [
            {"point": "minimum", "at": "1 gpm", "new": [95.0, "101"], "used": ["90", "101"]}]}]}, "in quotes"),
        ({"types": [{"for": {"commodity": "water", "sizes": ["1"]}, "test_every_years": 8, "points": [
            {"point": "minimum", "at": "1 gpm", "new": ["105", "101"], "used": ["90", "101"]}]}]}, "least before the"),
        ({"types": [{"for": {"commodity": "water", "sizes": ["1"]}, "test_every_years": 8, "points": [
            {"point": "tiny", "at": "1 gpm", "new": ["95", "101"], "used": ["90", "101"]}]}]}, "one of minimum"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongAccuracyRules, match=says):
        parse_accuracy({"citation": "none", **change})
