"""How computed numbers are told: billed units with their measure, a name without a formula that says only itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from meterbook.engine.rates.check import split_example
from meterbook.engine.rates.explain import explain
from meterbook.engine.rates.tariff import parse_tariff

KEIZER = Path(__file__).parents[1] / "published" / "keizer_gallons.yaml"
BILL = (date(2024, 4, 1), date(2024, 5, 1))


def _told(rounding: str, usage: str) -> list[str]:
    text, _ = split_example(KEIZER.read_text(encoding="utf-8"))
    tariff = parse_tariff(text.replace("rounding: down", f"rounding: {rounding}"), file="keizer")
    bill = explain(tariff, starts=BILL[0], ends=BILL[1], determinants={"usage": Decimal(usage)})
    line = next(line for line in bill.lines if line.component == "water")
    return [step.words(str) for step in line.steps()]


@pytest.mark.parametrize(
    ("rounding", "usage", "words"),
    [
        ("down", "14211", "a started one does not count: 18."),
        ("up", "14211", "a started one counts: 19."),
        ("half_up", "1122", "to the nearest, half a unit up: 2."),
        ("half_even", "1870", "to the nearest, half a unit to the even one: 2."),
    ],
)
def test_billed_units_are_told_with_what_was_measured(rounding: str, usage: str, words: str) -> None:
    assert f"The bill measured {usage} (usage); every 748 are one billed unit, {words}" in _told(rounding, usage)


def test_a_name_is_not_explained_by_itself() -> None:
    assert not [words for words in _told("down", "14211") if words.startswith("usage =")]
