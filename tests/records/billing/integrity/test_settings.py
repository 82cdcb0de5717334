"""The policy account-integrity: read whole, or refused with the place of the mistake."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from meterbook.demo.sources import POLICY_DIR
from meterbook.records.billing.integrity.checks import all_checks
from meterbook.records.billing.integrity.settings import WrongIntegrityPolicy, parse


def test_the_citys_policy_runs_every_check() -> None:
    document = yaml.safe_load((POLICY_DIR / "account-integrity.yaml").read_text(encoding="utf-8"))
    configured = parse(document)
    assert {one.check.name for one in configured} == set(all_checks())
    names = [one.check.name for one in configured]
    for one in configured:
        assert all(names.index(name) < names.index(one.check.name) for name in one.check.after)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"check": "no_such"}, "checks[0].check"),
        ({"check": "no_meter"}, "checks[0].days"),
        ({"check": "no_meter", "days": -1}, "checks[0].days"),
        ({"check": "no_meter", "days": True}, "checks[0].days"),
        ({"check": "no_meter", "days": 5, "weeks": 1}, "checks[0].weeks"),
        ({"check": "set_never_billed", "days": 5, "least": {"water": 1.5}}, "checks[0].least.water"),
        ({"check": "set_never_billed", "days": 5, "least": {"water": "x"}}, "checks[0].least.water"),
        ({"check": "wrong_multiplier", "stated_days": 1, "expected": [{"size": "9S", "exactly": "1"}]}, "expected[0]"),
        ({"check": "wrong_multiplier", "stated_days": 1, "expected": [{"commodity": "water"}]}, "expected[0]"),
        ("no_meter", "checks[0].check"),
    ],
)
def test_a_mistake_is_named_by_its_place(entry: Any, said: str) -> None:
    with pytest.raises(WrongIntegrityPolicy, match=said.replace("[", r"\[").replace("]", r"\]")):
        parse({"checks": [entry]})


def test_a_check_stands_once() -> None:
    with pytest.raises(WrongIntegrityPolicy, match="twice"):
        parse({"checks": [{"check": "no_rate"}, {"check": "no_rate"}]})
