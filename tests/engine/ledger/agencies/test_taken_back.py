"""Collected money that goes back: agencies give up exactly what they were credited, whatever came in between."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.ledger.agencies.shares import NotDivisible, settled


@st.composite
def told(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Parts of a charge, and settlements of it with reversals of some, never beyond what is open or settled."""
    parts = draw(st.lists(st.integers(1, 20_000), min_size=1, max_size=5))
    amounts, given_ = [], 0
    for _ in range(draw(st.integers(1, 8))):
        back = given_ > 0 and draw(st.booleans())
        most = given_ if back else sum(parts) - given_
        if most:
            cents = draw(st.integers(1, most))
            amounts.append(-cents if back else cents)
            given_ += amounts[-1]
    return parts, amounts


@given(told())
@settings(max_examples=150, deadline=None)
def test_every_division_adds_up_and_no_part_gets_more_than_it_is(case: tuple[list[int], list[int]]) -> None:
    parts, amounts = case
    have = [0] * len(parts)
    for amount, shares in zip(amounts, settled(parts, amounts), strict=True):
        assert sum(shares) == amount
        have = [before + share for before, share in zip(have, shares, strict=True)]
        assert all(0 <= now <= whole for now, whole in zip(have, parts, strict=True))
    assert sum(have) == sum(amounts)


@given(told())
@settings(max_examples=80, deadline=None)
def test_all_of_it_taken_back_leaves_nobody_a_cent(case: tuple[list[int], list[int]]) -> None:
    parts, amounts = case
    left = sum(amounts)
    if left:
        made = settled(parts, [*amounts, -left])
        assert [sum(column) for column in zip(*made, strict=True)] == [0] * len(parts)


def test_more_cannot_go_back_than_came() -> None:
    with pytest.raises(NotDivisible):
        settled([100, 100], [150, -151])
