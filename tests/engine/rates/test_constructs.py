"""Every construct of the checklist is served by a component, a policy or net metering that says so."""

from __future__ import annotations

import re
from pathlib import Path

ENGINE = Path(__file__).parents[3] / "src/meterbook/engine"
PUBLISHED = Path(__file__).parent


def _numbers(text: str) -> set[int]:
    return {int(number) for line in re.findall(r"Constructs: ([\d, ]+)", text) for number in line.split(",")}


def test_every_construct_is_claimed() -> None:
    claimed = {number for path in ENGINE.rglob("README.md") for number in _numbers(path.read_text())}
    assert claimed == set(range(1, 67))


def test_published_cases_name_only_constructs_of_the_list() -> None:
    named = {number for path in PUBLISHED.rglob("*.yaml") for number in _numbers(path.read_text())}
    assert named <= set(range(1, 67))
