"""Corrections on paper: limits by direction, class and cause; lines that net; totals that are conserved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.corrections.changes import LineFigures, paired, stands, taken_back
from meterbook.engine.billing.corrections.limits import Difference, judged
from meterbook.engine.billing.corrections.policy import WrongBackBilling, parse_back_billing
from meterbook.engine.billing.corrections.spread import spread_by_days

CAUSES = [
    {"code": "misread", "title": {"en": "Misread", "es": "Mala lectura"}},
    {"code": "tampering", "title": {"en": "Tampering", "es": "Manipulación"}},
]
LIMITS = [
    {"direction": "under", "causes": ["tampering"], "months": None, "citation": "Code (d)"},
    {"direction": "under", "classes": ["residential"], "months": 3, "citation": "Code (a)"},
    {"direction": "under", "months": 36, "citation": "Code (b)"},
    {"direction": "over", "months": 36, "citation": "Code (c)"},
]
POLICY = {"causes": CAUSES, "limits": LIMITS}
FOUND = date(2026, 10, 20)


def month(key: int, months_ago: int, cents: int, premise_class: str = "residential") -> Difference:
    """A period of thirty days that ended about so many months before the discovery."""
    ends = FOUND - timedelta(days=30 * months_ago)
    return Difference(key, (1, 1), premise_class, ends - timedelta(days=30), ends, cents)


def inside(*periods: Difference, cause: str = "misread", **more: Any) -> list[bool]:
    found = judged(periods, parse_back_billing(POLICY | more), cause=cause, discovered_on=FOUND)
    return [found[period.key].inside for period in periods]


def test_homes_are_back_billed_three_months_and_refunded_thirty_six() -> None:
    assert inside(month(1, 0, 500), month(2, 1, 500), month(3, 4, 500), month(4, 4, -500), month(5, 40, -500)) == [
        True, True, False, True, False,
    ]  # fmt: skip


def test_shops_are_back_billed_thirty_six_and_fraud_without_end() -> None:
    assert inside(month(1, 12, 500, "commercial"), month(2, 40, 500, "commercial")) == [True, False]
    assert inside(month(1, 400, 500), cause="tampering") == [True]


def test_a_period_partly_inside_is_refunded_and_not_charged_unless_the_city_says_so() -> None:
    starts = date(2026, 7, 10)
    partly = Difference(1, (1, 1), "residential", starts, starts + timedelta(days=30), 500)
    assert inside(partly) == [False]
    assert inside(partly, straddling={"under": "take"}) == [True]
    old = date(2023, 10, 10)
    refund = Difference(1, (1, 1), "residential", old, old + timedelta(days=30), -500)
    assert inside(refund) == [True]
    assert inside(refund, straddling={"over": "leave"}) == [False]


def test_netting_gives_all_periods_one_direction() -> None:
    """Charged 9, refunded 1: by period the old refund stands; netted, its direction is the charge's."""
    both = (month(1, 1, 900), month(2, 5, -100))
    assert inside(*both) == [True, True]
    assert inside(*both, direction="net") == [True, False]


def test_a_window_counts_back_from_the_last_wrong_period() -> None:
    windowed = [{"direction": "over", "months": 36, "window": 12, "citation": "OAR"}]
    assert inside(month(1, 3, -5), month(2, 10, -5), month(3, 20, -5), limits=windowed) == [True, True, False]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"limits": [LIMITS[1] | {"months": 0}]}, "months"),
        ({"limits": [LIMITS[1] | {"citation": " "}]}, "citation"),
        ({"limits": [LIMITS[1] | {"causes": ["unheard"]}]}, "unheard"),
        ({"causes": []}, "causes"),
        ({"causes": [CAUSES[0], CAUSES[0]]}, "each once"),
        ({"direction": "both"}, "direction"),
        ({"authority": {"supervisor": 100}}, "authority.supervisor"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_document_that_cannot_be_read_names_the_entry(change: dict[str, Any], named: str) -> None:
    with pytest.raises(WrongBackBilling, match=named):
        parse_back_billing(POLICY | change)


def test_authority_is_the_largest_of_a_persons_roles() -> None:
    rules = parse_back_billing(POLICY | {"authority": {"supervisor": "100.00", "finance_director": None}})
    assert rules.may_approve(["supervisor"], 10_000) and not rules.may_approve(["supervisor"], 10_001)
    assert rules.may_approve(["finance_director", "supervisor"], 10**9) and not rules.may_approve(["csr"], 1)


LINE = st.builds(
    LineFigures, component=st.sampled_from(["service", "use", "tax"]), part=st.integers(0, 3),
    version=st.sampled_from(["2025-01", "2026-03"]), starts=st.sampled_from([date(2026, 8, 3), date(2026, 8, 20)]),
    ends=st.just(date(2026, 9, 3)), quantity_e6=st.integers(0, 10**9), price_e8=st.integers(0, 10**9),
    amount_cents=st.integers(-(10**6), 10**6),
)  # fmt: skip


@given(st.lists(LINE), st.lists(LINE))
def test_the_differences_of_lines_add_up_to_the_difference_of_the_bills(
    was: list[LineFigures], becomes: list[LineFigures]
) -> None:
    changes = paired(was, becomes)
    total = sum(line.amount_cents for line in becomes) - sum(line.amount_cents for line in was)
    assert sum(change.difference_cents for change in changes) == total
    assert sorted(map(repr, (c.was for c in changes if c.was))) == sorted(map(repr, was))
    assert sorted(map(repr, (c.becomes for c in changes if c.becomes))) == sorted(map(repr, becomes))


@given(st.lists(LINE))
def test_cancel_and_rebill_of_the_same_lines_nets_to_nothing(lines: list[LineFigures]) -> None:
    frame = pl.DataFrame(
        {"quantity": [line.quantity_e6 for line in lines], "amount": [line.amount_cents for line in lines]},
        schema={"quantity": pl.Int64, "amount": pl.Int64},
    )
    both = pl.concat([taken_back(frame), frame])
    assert (both["quantity"].sum(), both["amount"].sum()) == (0, 0)
    assert stands(lines, list(reversed(lines)), {"determinants": {}}, {"determinants": {}})
    if lines:
        assert not stands(lines, lines[1:], {}, {})


def test_a_fact_that_is_another_does_not_stand_and_one_more_fact_does() -> None:
    was = {"determinants": {"usage": 5, "size": None}, "pieces": [{"from_read": 1, "to_read": 2}]}
    assert stands([], [], was, {"determinants": {"usage": 5, "new": 7}, "pieces": [{"from_read": 1, "to_read": 2}]})
    assert not stands([], [], was, {"determinants": {"usage": 6}, "pieces": [{"from_read": 1, "to_read": 2}]})
    assert not stands([], [], was, {"determinants": {"usage": 5}, "pieces": [{"from_read": 1, "to_read": 3}]})


@given(
    st.integers(0, 10**12), st.lists(st.integers(1, 400), min_size=1, max_size=40), st.sampled_from([1, 10**4, 10**6])
)
def test_what_is_spread_is_conserved_and_in_proportion(total: int, days: list[int], step: int) -> None:
    spread = spread_by_days(total, days, step=step)
    assert sum(spread) == total and min(spread) >= 0
    for share, length in list(zip(spread, days, strict=True))[:-1]:
        assert share % step == 0
        assert abs(share * sum(days) - total * length) <= 2 * step * sum(days)
