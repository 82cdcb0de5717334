"""What is asked, in which parts, and when it goes back; by the city's own policy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.security.assess import assess, schedule
from meterbook.engine.security.clean import Record, judge
from meterbook.engine.security.rules import DepositRules, parse_deposits

TEXT = (Path(__file__).parents[3] / "policies/alder-bend/deposits.yaml").read_text()


def policy(**changes: Any) -> DepositRules:
    return parse_deposits(yaml.safe_load(TEXT) | changes)


HOME = policy().named("residential")


def asked(year_cents: int, standing: str, **changes: Any) -> int:
    rules = policy(**changes)
    return assess(
        rules.named("residential"), year_cents=year_cents, standing=standing,
        periods_per_year=rules.periods_per_year,
    ).cents  # fmt: skip


class TestTheAmount:
    """Twice a month's bill, by credit standing."""

    def test_two_months_of_a_year_of_1470_dollars_down_to_whole_fives(self) -> None:
        assert asked(147_000, "unknown") == 24_500
        assert asked(147_599, "unknown") == 24_500, "245.99 is rounded down, a cap is never passed"

    def test_good_credit_is_asked_nothing_and_fair_credit_half(self) -> None:
        assert (asked(147_000, "good"), asked(147_000, "fair")) == (0, 12_000)

    def test_what_is_below_the_least_is_not_asked(self) -> None:
        assert asked(29_900, "poor") == 0 and asked(30_000, "poor") == 5_000

    def test_the_cap_of_the_billing_period_counts_where_bills_are_for_two_months(self) -> None:
        """Six bills a year: the rule asks ten months here, twice the periodic bill is four."""
        document = yaml.safe_load(TEXT)
        document["classes"][0]["amount"]["times"] = "10"
        assert asked(120_000, "poor", classes=document["classes"], periods_per_year=6) == 40_000
        assert asked(120_000, "poor", classes=document["classes"]) == 30_000, "monthly: three months"

    def test_the_working_is_told(self) -> None:
        found = assess(HOME, year_cents=147_000, standing="fair", periods_per_year=12)
        assert [step.words(str) for step in found.steps] == [
            "2 times a month's bill, of 1470.00 a year: 245.00",
            "Of credit standing fair the share 0.5 is asked.",
            "Rounded down to whole 5.00: 120.00",
        ]


@given(st.integers(1, 10**9), st.integers(1, 12))
def test_instalments_are_the_whole_amount(cents: int, parts: int) -> None:
    made = schedule(cents, parts=parts, rule=HOME, first=date(2026, 1, 31))
    assert sum(part.cents for part in made) == cents
    assert max(part.cents for part in made) - min(part.cents for part in made) < parts
    assert [part.charge_on for part in made] == sorted(part.charge_on for part in made)


class TestCleanMonths:
    """Twelve clean months, and what spoils them."""

    def record(self, **changes: Any) -> Record:
        return Record(**({
            "since": date(2025, 1, 1), "months": 12, "counts": {}, "past_due_cents": 0, "unpaid_cents": 0,
        } | changes))  # fmt: skip

    def test_a_clean_year(self) -> None:
        assert judge(self.record(), HOME.clean).due

    @pytest.mark.parametrize(
        "changes",
        [
            {"months": 11}, {"counts": {"late_payments": 3}}, {"counts": {"returned": 1}}, {"counts": {"cutoffs": 1}},
            {"past_due_cents": 1}, {"unpaid_cents": 1},
        ],
    )  # fmt: skip
    def test_what_spoils_it(self, changes: dict[str, Any]) -> None:
        found = judge(self.record(**changes), HOME.clean)
        assert not found.due and sum(not met for met, _ in found.reasons) == 1

    def test_two_late_payments_are_still_clean(self) -> None:
        assert judge(self.record(counts={"late_payments": 2}), HOME.clean).due


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"periods_per_year": 0}, "periods_per_year"),
        ({"classes": []}, "classes"),
        ({"interest": {"year": "lunar", "to": "account", "month": 1, "rates": []}}, "interest.rates"),
        ({"renewal": {"remind_days": [0]}}, "renewal.remind_days"),
        ({"waivers": [{"code": "a", "words": {"en": "A", "es": "A"}, "instrument": ["gold"], "alone": {}}]}, "gold"),
    ],
)
def test_what_is_no_policy_is_refused_where_it_stands(change: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongSetting, match=says):
        policy(**change)


def test_a_percent_finer_than_four_decimals_and_rates_out_of_order_are_refused() -> None:
    rate = {"first": date(2024, 1, 1), "percent": "4.00001", "citation": "x"}
    table = {"year": "actual", "to": "account", "month": 1}
    with pytest.raises(WrongSetting, match="four decimals"):
        policy(interest=table | {"rates": [rate]})
    with pytest.raises(WrongSetting, match="in order"):
        policy(interest=table | {"rates": [rate | {"percent": "4"}, rate | {"percent": "5"}]})


def test_who_waives_how_much_alone() -> None:
    letter = policy().waiver("letter")
    assert (letter.alone_up_to({"csr"}), letter.alone_up_to({"cashier"})) == (50_000, 0)
    assert Decimal("0.5") == HOME.shares["fair"]
