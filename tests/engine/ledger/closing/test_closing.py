"""Closing's arithmetic: what explains a balance, what is not billed yet, which account of the city a cent goes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.ledger.closing.explaining import unanswered
from meterbook.engine.ledger.closing.gl_journal import Mapping, Piece, WrongMapping, journal, parse_mapping
from meterbook.engine.ledger.closing.month_end import WrongMonthEnd, parse_month_end
from meterbook.engine.ledger.closing.unbilled import Unbilled, estimate

POLICIES = Path(__file__).parents[4] / "policies" / "alder-bend"
COMPUTED = frozenset(
    item["code"]
    for item in yaml.safe_load((POLICIES / "month-end.yaml").read_text(encoding="utf-8"))["checklist"]
    if item.get("computed")
)
ROLES = frozenset({"billing_technician", "supervisor", "cashier", "finance_director"})


@given(st.lists(st.integers(-500, 500), max_size=40))
def test_what_is_unanswered_is_the_balance_and_all_on_one_side(cents: list[int]) -> None:
    left = [rest for _, rest in unanswered(list(enumerate(cents)))]
    assert sum(left) == sum(cents)
    assert all(rest > 0 for rest in left) or all(rest < 0 for rest in left)


def test_the_banks_line_answers_the_batch_of_its_amount_not_the_oldest() -> None:
    moves = [("Monday", 500), ("Tuesday", 300), ("bank", -300)]
    assert unanswered(moves) == [("Monday", 500)]


point = st.builds(
    Unbilled, service=st.just("water"), klass=st.sampled_from(["residential", "commercial"]),
    days=st.integers(20, 40), usage_e6=st.integers(1, 10**10), revenue_cents=st.integers(0, 10**6),
    unbilled_days=st.integers(0, 31),
)  # fmt: skip


@given(st.lists(point, min_size=1, max_size=20))
def test_a_month_more_of_the_same_costs_what_the_bills_did(points: list[Unbilled]) -> None:
    again = [Unbilled(p.service, p.klass, p.days, p.usage_e6, p.revenue_cents, p.days) for p in points]
    for found in estimate(again):
        mine = [p for p in points if p.klass == found.klass]
        assert found.cents == found.billed_cents == sum(p.revenue_cents for p in mine)
        assert found.usage_e6 == sum(p.usage_e6 or 0 for p in mine)


def test_a_point_never_billed_runs_at_its_classs_rate_and_days_without_a_meter_are_days() -> None:
    old = Unbilled("water", "residential", 30, 30_000_000, 6_000, 10)
    new = Unbilled("water", "residential", 0, None, 0, 5)
    (water,) = estimate([old, new])
    assert (water.usage_e6, water.cents) == (15_000_000, 3_000)
    (refuse,) = estimate([Unbilled("refuse", "residential", 30, None, 3_050, 3)])
    assert (refuse.usage_e6, refuse.cents) == (None, 305)


def mapping() -> Mapping:
    return parse_mapping(yaml.safe_load((POLICIES / "gl-journal.yaml").read_text(encoding="utf-8")))


def test_the_rule_that_names_most_wins_and_what_nobody_named_has_its_own_account() -> None:
    energy = Piece("4110", "electric", "electricity", "commercial", "energy", -500)
    assert mapping().rule_for(energy).gl == "510-3410-41102"
    assert mapping().rule_for(Piece("4799", "water", "", "", "", 1)).gl == "500-3410-4799"


def test_a_component_has_its_own_account_where_the_city_says_so() -> None:
    rules: list[dict[str, str]] = [
        {"account": "4110", "gl": "E", "title": "Energy"},
        {"account": "4110", "component": "peak", "gl": "P", "title": "Peak"},
    ]
    found = parse_mapping({"policy": "", "citation": "", "effective": "", "accounts": rules, "file": {}})
    pieces = [Piece("4110", "f", "electricity", "", name, cents) for name, cents in (("peak", -3), ("base", 3))]
    assert [(line.gl, line.cents) for line in journal(pieces, found)] == [("E", 3), ("P", -3)]
    with pytest.raises(WrongMapping, match=r"account 9 .* has no account of the general ledger"):
        journal([Piece("9", "f", "", "", "", 1)], found)
    with pytest.raises(WrongMapping, match="fund f does not balance: -3 cents"):
        journal(pieces[:1], found)
    with pytest.raises(WrongMapping, match="4110 has two rules"):
        parse_mapping({"policy": "", "citation": "", "effective": "", "accounts": [rules[0], rules[0]], "file": {}})


def policy(**changes: Any) -> Any:
    found = yaml.safe_load((POLICIES / "month-end.yaml").read_text(encoding="utf-8"))
    return parse_month_end({**found, **changes}, computed=COMPUTED, roles=ROLES)


def test_year_end_items_stand_in_june_alone() -> None:
    codes = [item.code for item in policy().items_of(date(2026, 6, 1))]
    assert "write_offs" in codes and "write_offs" not in [item.code for item in policy().items_of(date(2026, 7, 1))]
    assert policy(fiscal_year_starts=1).fiscal_year(date(2026, 12, 1)) == (date(2026, 1, 1), date(2027, 1, 1))
    assert policy().line_of("rumour") == "adjustments" and policy().line_of("reversal") == "returns"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reopening": "two people"}, "never"),
        ({"tolerance_cents": 5}, "from 0 to 0"),
        ({"rollforward": {"bills": ["bill"]}}, "exactly the lines"),
        ({"checklist": []}, "at least one"),
        ({"extra": 1}, "exactly"),
    ],
)
def test_a_policy_that_cannot_be_read_says_where(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongMonthEnd, match=says):
        policy(**changes)
