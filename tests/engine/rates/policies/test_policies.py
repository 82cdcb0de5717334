"""Late fees and level pay as documents: the published rules come to the published figures."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from meterbook.engine.rates.document import TariffError
from meterbook.engine.rates.policies.document import parse_policy
from meterbook.engine.rates.policies.outcome import outcome
from meterbook.engine.rates.terms import MissingDeterminant, OutOfRange

PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.yaml"))
FEE = PUBLISHED[[path.stem for path in PUBLISHED].index("tucson_late_fee")].read_text().partition("\n---\n")[0]


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_policy_gives_its_worked_amounts(path: Path) -> None:
    text, _, cases = path.read_text().partition("\n---\n")
    policy = parse_policy(text, file=path.name)
    worked = yaml.load(cases, yaml.BaseLoader)["cases"]
    assert worked
    for case in worked:
        facts = {name: Decimal(value) for name, value in case["facts"].items()}
        found = {one.name: str(Decimal(one.cents).scaleb(-2)) for one in outcome(policy, facts)}
        assert found == case["results"], case["name"]


def test_an_amount_says_why() -> None:
    (fee,) = outcome(parse_policy(FEE, file="fee"), {"past_due": Decimal("1234.55")})
    assert fee.exact == Decimal("123.455")
    assert [step.words(str) for step in fee.steps] == [
        "Policy of City of Tucson, Arizona, Code, Penalty of 10 percent, minimum 10, maximum 500.",
        "past_due > 0 = yes, where past_due = 1234.55.",
        "max(10, min(500, past_due * 0.10)) = $123.455, where past_due = 1234.55.",
        "Rounded to the cent, half a cent up: $123.46.",
    ]


def test_a_missing_fact_is_refused() -> None:
    with pytest.raises(MissingDeterminant, match="past_due"):
        outcome(parse_policy(FEE, file="fee"), {})
    with pytest.raises(OutOfRange, match="past_due"):
        outcome(parse_policy(FEE, file="fee"), {"past_due": Decimal(-1)})


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("kind: per_period", "kind: usage", "the kind usage"),
        ("past_due * 0.10", "past_due * days", "the name days"),
        ("past_due * 0.10", "past_due + 1 [kWh]", "USD + kWh"),
        ("past_due * 0.10", "past_due * past_due", "'max(10, min(500, past_due * past_due))'"),
        ("past_due > 0", "past_due", "a number"),
        ("past_due > 0", "past > 0", "the name past"),
        ("policy: late_fee", "policy: lien", "'lien'"),
        ("es: Multa}", "fr: Multa}", "the key 'fr'"),
        ("  fee:", "  Fee:", "the result 'Fee'"),
    ],
)
def test_a_wrong_policy_is_refused(old: str, new: str, found: str) -> None:
    assert old in FEE
    with pytest.raises(TariffError) as refused:
        parse_policy(FEE.replace(old, new), file="fee.yaml")
    assert any(found in problem.found for problem in refused.value.problems), str(refused.value)
    assert all(problem.line and problem.file == "fee.yaml" for problem in refused.value.problems)
