"""Two meters, one delivery: what counts, said step by step, and never more or less than the agreement allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.billing.wholesale import Terms, WrongTerms, parse_terms, parse_wholesale, settle

MEAN = Terms(Decimal("0.02"), "mean", "primary", Decimal(0), 30)
quantities = st.integers(0, 10**13)


@given(primary=quantities, check=quantities)
def test_without_losses_it_lies_between_the_meters(primary: int, check: int) -> None:
    found = settle(primary, check, MEAN)
    assert found.quantity_e6 is not None
    assert min(primary, check) <= found.quantity_e6 <= max(primary, check)
    assert found.field_check == (found.apart > MEAN.tolerance)
    assert found.field_check <= (found.quantity_e6 == primary)


@given(primary=quantities, check=quantities, loss=st.decimals("-0.1", "0.1", places=4))
def test_losses_are_a_share_of_what_counts(primary: int, check: int, loss: Decimal) -> None:
    bare = settle(primary, check, MEAN).quantity_e6
    found = settle(primary, check, Terms(Decimal("0.02"), "mean", "primary", loss, 30)).quantity_e6
    assert bare is not None and found is not None
    assert abs(Decimal(found) - Decimal(bare) * (1 + loss)) <= 1


def test_the_steps_say_both_meters_and_the_rule() -> None:
    found = settle(8_000_000_000, 8_100_000_000, Terms(Decimal("0.02"), "mean", "primary", Decimal("0.005"), 30))
    said = [step.words(str) for step in found.steps]
    assert said == [
        "The primary meter measured 8000, the check meter 8100.",
        "They are 1.25 % apart; the agreement allows 2.00 %.",
        "The meters agree: the mean of both counts, 8050.",
        "Losses between the meters and the delivery point are 0.50 %: 8050 × 1.005 = 8090.25.",
    ]


def test_an_agreement_may_hold_the_bill() -> None:
    found = settle(100, 200, Terms(Decimal("0.02"), "mean", "hold", Decimal(0), 30))
    assert (found.quantity_e6, found.field_check) == (None, True)


def test_a_primary_that_stands_still_agrees_with_nothing_but_a_check_that_does() -> None:
    assert settle(0, 5, MEAN).field_check
    assert not settle(0, 0, MEAN).field_check


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tolerance": "two"}, "tolerance: found 'two', expected a share"),
        ({"tolerance": "-0.01"}, "tolerance: found '-0.01'"),
        ({"within": "both"}, "within: found 'both', expected mean or primary"),
        ({"loss": None}, "loss: found None"),
        ({"dispute_days": "soon"}, "dispute_days: found 'soon', expected whole days"),
        ({"price": "1"}, "price: nobody knows that field"),
    ],
)
def test_terms_nobody_can_read_are_refused(change: dict[str, object], why: str) -> None:
    told = MEAN.as_text() | change
    with pytest.raises(WrongTerms, match=why):
        parse_terms(told)
    with pytest.raises(WrongTerms, match=f"agreements.X.{why}"):
        parse_wholesale({"agreements": {"X": told}})
