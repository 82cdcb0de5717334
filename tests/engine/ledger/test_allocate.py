"""Which bill a payment settles: oldest due first, and not a cent lost."""

import doctest
import random
from collections import defaultdict
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine import columns
from meterbook.engine.columns import OutOfRange, WrongColumns
from meterbook.engine.ledger import aging
from meterbook.engine.ledger import allocate as module
from meterbook.engine.ledger.allocate import CREDITS, ITEMS, DuplicateRow, allocate

MARCH, APRIL = date(2026, 3, 22), date(2026, 4, 22)
ANA, BEN = 10, 11
Credit = tuple[int, int, int, int]
Item = tuple[int, int, date, int, int]


def allocated(credits: list[Credit], items: list[Item]) -> list[tuple[int, int, int, int]]:
    return allocate(
        pl.DataFrame(credits, schema=dict(CREDITS), orient="row"),
        pl.DataFrame(items, schema=dict(ITEMS), orient="row"),
    ).rows()


def allocate_one(credits: list[Credit], items: list[Item]) -> list[tuple[int, int, int, int]]:
    """The oracle: one credit after the other walks down its account's list."""
    left = {item[0]: item[4] for item in items}
    found = []
    for credit, account, _, amount in sorted(credits, key=lambda row: (row[1], row[2], row[0])):
        for item, owner, *_ in sorted(items, key=lambda row: (row[2], row[3], row[0])):
            paid = min(amount, left[item]) if owner == account else 0
            if paid:
                found.append((credit, item, account, paid))
                amount, left[item] = amount - paid, left[item] - paid
    return found


def test_ana_s_payment_settles_march_before_april_and_rank_within_a_day() -> None:
    items = [(1, ANA, APRIL, 1, 4000), (2, ANA, MARCH, 2, 3000), (3, ANA, MARCH, 1, 2500), (4, BEN, MARCH, 1, 900)]
    assert allocated([(50, ANA, 1, 6000)], items) == [(50, 3, ANA, 2500), (50, 2, ANA, 3000), (50, 1, ANA, 500)]


def test_two_credits_are_spent_in_their_order_and_meet_within_an_item() -> None:
    credits = [(51, ANA, 1, 3000), (50, ANA, 2, 3000)]
    items = [(1, ANA, MARCH, 1, 4000), (2, ANA, APRIL, 1, 4000)]
    assert allocated(credits, items) == [(51, 1, ANA, 3000), (50, 1, ANA, 1000), (50, 2, ANA, 2000)]


def test_an_overpayment_stays_a_credit_and_an_account_without_bills_pays_nothing() -> None:
    assert allocated([(50, ANA, 1, 9000), (52, 12, 1, 700)], [(1, ANA, MARCH, 1, 4000)]) == [(50, 1, ANA, 4000)]
    assert allocated([(50, ANA, 1, 9000)], []) == [] == allocated([], [(1, ANA, MARCH, 1, 4000)])


def test_an_exact_payment_leaves_nothing_of_nothing() -> None:
    assert allocated([(50, ANA, 1, 4000), (51, ANA, 2, 5)], [(1, ANA, MARCH, 1, 4000), (2, ANA, APRIL, 1, 5)]) == [
        (50, 1, ANA, 4000),
        (51, 2, ANA, 5),
    ]


def test_what_would_spend_twice_or_wrap_is_refused() -> None:
    with pytest.raises(DuplicateRow, match="credit 50"):
        allocated([(50, ANA, 1, 1), (50, ANA, 2, 1)], [])
    with pytest.raises(DuplicateRow, match="item 1"):
        allocated([], [(1, ANA, MARCH, 1, 1), (1, BEN, MARCH, 1, 1)])
    with pytest.raises(OutOfRange, match="not above zero"):
        allocated([(50, ANA, 1, 0)], [])
    with pytest.raises(OutOfRange, match="64 bits"):
        allocated([(50, ANA, 1, 2**62), (51, BEN, 2, 2**62)], [])
    with pytest.raises(WrongColumns):
        allocate(pl.DataFrame({"credit": [1]}), pl.DataFrame())


def test_the_examples_in_the_docstrings_run() -> None:
    assert [doctest.testmod(one).failed for one in (aging, columns, module)] == [0, 0, 0]


accounts = st.integers(1, 4)
cents = st.integers(1, 60) | st.integers(1, 10**12)
days = st.integers(0, 5).map(lambda day: MARCH + timedelta(days=day))
credit_rows = st.lists(st.tuples(accounts, st.integers(1, 3), cents), max_size=12).map(
    lambda rows: [(100 - n, *row) for n, row in enumerate(rows)]
)
item_rows = st.lists(st.tuples(accounts, days, st.integers(1, 3), cents), max_size=16).map(
    lambda rows: [(900 - n, *row) for n, row in enumerate(rows)]
)


@settings(max_examples=80, deadline=None)
@given(credit_rows, item_rows)
def test_allocations_conserve_every_cent_and_equal_the_walk_down_the_list(
    credits: list[Credit], items: list[Item]
) -> None:
    found = allocated(credits, items)
    assert found == allocate_one(credits, items)

    spent: dict[int, int] = defaultdict(int)
    settled: dict[int, int] = defaultdict(int)
    by_account: dict[int, int] = defaultdict(int)
    for credit, item, account, amount in found:
        assert amount > 0
        spent[credit] += amount
        settled[item] += amount
        by_account[account] += amount
    assert all(spent[credit] <= amount for credit, _, _, amount in credits)
    assert all(settled[item] <= remaining for item, *_, remaining in items)
    for account in range(1, 5):
        money = sum(amount for _, owner, _, amount in credits if owner == account)
        owed = sum(remaining for _, owner, *_, remaining in items if owner == account)
        assert by_account[account] == min(money, owed)


@settings(max_examples=15, deadline=None)
@given(credit_rows, item_rows, st.randoms())
def test_the_order_of_the_rows_changes_nothing(credits: list[Credit], items: list[Item], chance: random.Random) -> None:
    shuffled = chance.sample(credits, len(credits)), chance.sample(items, len(items))
    assert allocated(*shuffled) == allocated(credits, items)
