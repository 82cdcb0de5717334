"""How old Ana's and Ben's debts are."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.columns import OutOfRange
from meterbook.engine.ledger.aging import ITEMS, WrongBuckets, aging

TODAY = date(2026, 5, 1)
ANA, BEN = 10, 11


def frame(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Rows of account, days past due, cents."""
    dated = [(account, TODAY - timedelta(days=days), amount) for account, days, amount in rows]
    return pl.DataFrame(dated, schema=dict(ITEMS), orient="row")


def test_each_limit_is_the_last_day_of_its_bucket() -> None:
    rows = [(ANA, days, 10**n) for n, days in enumerate((-5, 0, 1, 30, 31, 60, 61, 90, 91))]
    found = aging(frame(rows), TODAY)
    assert found.columns == ["account", "current", "b1", "b2", "b3", "b4"]
    assert found.rows() == [(ANA, 11, 1100, 110_000, 11_000_000, 100_000_000)]


def test_accounts_are_apart_and_other_limits_make_other_buckets() -> None:
    found = aging(frame([(BEN, 15, 700), (ANA, 14, 500), (BEN, 90, -200)]), TODAY, buckets=(14,))
    assert found.rows() == [(ANA, 0, 500, 0), (BEN, 0, 0, 500)]
    assert aging(frame([]), TODAY).rows() == []


@pytest.mark.parametrize("buckets", [(), (0, 30), (30, 30), (60, 30)])
def test_limits_must_rise(buckets: tuple[int, ...]) -> None:
    with pytest.raises(WrongBuckets):
        aging(frame([]), TODAY, buckets=buckets)


def test_a_sum_beyond_the_column_raises() -> None:
    with pytest.raises(OutOfRange, match="b1 reaches"):
        aging(frame([(ANA, 1, 2**62), (ANA, 2, 2**62)]), TODAY)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-40, 400), st.integers(-(10**9), 10**9)), max_size=20))
def test_buckets_sum_to_what_is_owed(rows: list[tuple[int, int, int]]) -> None:
    found = {account: sum(cents) for account, *cents in aging(frame(rows), TODAY).rows()}
    assert found == {a: sum(amount for b, _, amount in rows if a == b) for a in {row[0] for row in rows}}
