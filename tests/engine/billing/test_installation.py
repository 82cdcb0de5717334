"""Installation quotes: quantity × price a line, half-up, a share for administration; nothing guessed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.billing.charges.installation import WrongInstallation, parse_installation

POLICY = Path(__file__).parents[3] / "policies" / "alder-bend" / "installation-costs.yaml"
RULES = parse_installation(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


def test_a_new_service_of_one_inch_with_pipe_and_paving() -> None:
    asked = {"pipe": Decimal("42.5"), "paving": Decimal(0)}
    lines = {line.code: line.cents for line in RULES.quote("water_service", "1", asked=asked)}
    assert lines == {
        "meter": 48_000, "tap": 51_000, "box": 18_500, "pipe": 78_200, "labour": 72_000, "administration": 32_124,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "size", "asked", "said"),
    [
        ("gas", "1", {}, "expected one of water_service"),
        ("water_service", "9", {"pipe": Decimal(1), "paving": Decimal(1)}, "found size 9, expected one of 5/8"),
        ("water_service", "1", {"pipe": Decimal(1)}, "how many sqft is missing"),
        ("water_service", "1", {"pipe": Decimal(-1), "paving": Decimal(1)}, "how many ft is missing"),
    ],
)
def test_what_cannot_be_quoted_says_what_is_missing(kind: str, size: str, asked: dict[str, Decimal], said: str) -> None:
    with pytest.raises(WrongInstallation, match=said):
        RULES.quote(kind, size, asked=asked)


@given(
    meters=st.integers(1, 40),
    pipe=st.decimals(0, 5000, places=2),
    paving=st.decimals(0, 5000, places=2),
    size=st.sampled_from(RULES.kinds["water_service"].sizes),
)
def test_lines_are_exact_and_administration_is_its_share(
    meters: int, pipe: Decimal, paving: Decimal, size: str
) -> None:
    *lines, share = RULES.quote("water_service", size, meters=meters, asked={"pipe": pipe, "paving": paving})
    assert all(line.cents == int((line.quantity * line.price).quantize(Decimal(1), ROUND_HALF_UP)) for line in lines)
    assert abs(share.cents * 100 - sum(line.cents for line in lines) * 12) <= 50


def test_a_policy_that_prices_a_size_nowhere_is_refused() -> None:
    text = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    del text["kinds"]["water_service"]["parts"]["meter"]["prices"]
    with pytest.raises(WrongSetting, match="prices by size"):
        parse_installation(text)
