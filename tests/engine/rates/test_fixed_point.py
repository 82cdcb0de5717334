"""Exact arithmetic on columns equals Python's own integers, on both sides of every change of width."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from meterbook.engine.rates.fixed_point import half_up, product

EDGE = 2**63
wides = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(2**100), 2**100), st.integers(-EDGE - 5, EDGE + 5))
narrows = st.one_of(st.integers(-(10**6), 10**6), st.integers(-EDGE, EDGE - 1), st.integers(2**31 - 3, 2**31 + 3))


def _half_up(over: int, under: int) -> int:
    size = (Fraction(abs(over), under) + Fraction(1, 2)).__floor__()
    return size if over >= 0 else -size


@given(values=st.lists(wides, min_size=1, max_size=5), under=st.one_of(st.integers(1, 20), st.integers(1, 2**70)))
@example(values=[EDGE - 10**12], under=10**12)
@example(values=[EDGE - 10**12 - 1, 5 * 10**11], under=10**12)
@example(values=[-5 * 10**11, 25], under=10**12)
def test_half_up_by_a_number(values: list[int], under: int) -> None:
    found = half_up(pl.Series(values, dtype=pl.Int128), under)
    assert found.to_list() == [_half_up(value, under) for value in values]


@given(pairs=st.lists(st.tuples(st.integers(-(2**90), 2**90), st.integers(1, 2**30)), min_size=1, max_size=5))
def test_half_up_by_a_column(pairs: list[tuple[int, int]]) -> None:
    over, under = (pl.Series([pair[at] for pair in pairs], dtype=pl.Int128) for at in (0, 1))
    assert half_up(over, under).to_list() == [_half_up(*pair) for pair in pairs]


@given(values=st.lists(narrows, min_size=1, max_size=5), number=st.integers(-(2**50), 2**50))
@example(values=[2**31, 2**31 - 1], number=2**31)
@example(values=[-(2**63)], number=1)
@example(values=[3, 0], number=0)
def test_product_with_a_number(values: list[int], number: int) -> None:
    found = product(pl.Series(values, dtype=pl.Int64), number)
    assert found.to_list() == [value * number for value in values]


@given(pairs=st.lists(st.tuples(st.integers(-(2**62), 2**62), st.integers(-(2**55), 2**55)), min_size=1, max_size=5))
@example(pairs=[(2**31, 2**31), (1, -1)])
def test_product_of_columns(pairs: list[tuple[int, int]]) -> None:
    one, other = (pl.Series([pair[at] for pair in pairs], dtype=pl.Int64) for at in (0, 1))
    assert product(one, other, 3).to_list() == [first * second * 3 for first, second in pairs]


def test_a_product_of_numbers_is_one_row() -> None:
    assert product(10**15, 10**15).to_list() == [10**30]
