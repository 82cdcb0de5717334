"""The order of payment on both its faces: columns for everybody at once, plain integers for one account told again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.ledger.allocate import CREDITS, allocate
from meterbook.engine.ledger.order import KEYS, Order, order_of
from meterbook.engine.ledger.replay import OverPinned, Pairs, Standing, replay

FIRST = date(2026, 1, 1)
SERVICES, CATEGORIES = ("", "water", "sewer", "refuse", "gas"), ("service", "tax", "penalty", "fee")


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order of payment a policy can state, with or without an account's own first current day."""
    listed = st.lists(st.sampled_from(SERVICES[1:]), unique=True)
    return Order(
        by=draw(st.sampled_from(list(permutations(KEYS)))),
        categories=tuple(draw(st.lists(st.sampled_from(CATEGORIES), unique=True))),
        services=tuple(draw(listed)),
        current_from=draw(st.none() | st.integers(0, 60).map(lambda days: FIRST + timedelta(days))),
    )


@st.composite
def told(draw: st.DrawFn) -> list[Standing]:
    """Open items of an account as they came, several in a step."""
    items, step = [], 0
    for item in range(1, draw(st.integers(1, 14)) + 1):
        step += draw(st.integers(0, 1))
        due_on = FIRST + timedelta(draw(st.integers(0, 60)))
        items.append(
            Standing(
                item, step, draw(st.sampled_from(["charge", "credit"])), draw(st.sampled_from(SERVICES)),
                draw(st.sampled_from(CATEGORIES)), due_on, draw(st.integers(1, 9_000)),
            )
        )  # fmt: skip
    return items


def by_columns(items: list[Standing], order: Order) -> Pairs:
    """What `allocate` makes of the same items, called after each step as the books call it."""
    left = {one.item: one.amount for one in items}
    made: Pairs = {}
    known: list[Standing] = []
    for step in sorted({one.step for one in items}):
        known += [one for one in items if one.step == step]
        credits = [(one.item, 1, one.item, left[one.item]) for one in known if one.side == "credit" and left[one.item]]
        charges = [
            (one.item, 1, one.due_on, one.category, one.service, left[one.item])
            for one in known
            if one.side == "charge" and left[one.item]
        ]
        shape = {
            "item": pl.Int64, "account": pl.Int64, "due_on": pl.Date, "category": pl.String, "service": pl.String,
            "remaining": pl.Int64,
        }  # fmt: skip
        ranked = order.ranked(pl.DataFrame(charges, schema=shape, orient="row"))
        for credit, item, _, cents in allocate(
            pl.DataFrame(credits, schema=dict(CREDITS), orient="row"), ranked
        ).rows():
            made[(credit, item)] = made.get((credit, item), 0) + cents
            left[credit] -= cents
            left[item] -= cents
    return made


@given(told(), orders())
@settings(max_examples=60, deadline=None)
def test_columns_and_integers_agree_step_by_step(items: list[Standing], order: Order) -> None:
    assert replay(items, order=lambda step: order, pinned={}) == by_columns(items, order)


@given(told(), orders())
@settings(max_examples=60, deadline=None)
def test_nothing_is_made_or_lost_and_nothing_waits_beside_what_is_owed(items: list[Standing], order: Order) -> None:
    made = replay(items, order=lambda step: order, pinned={})
    amount = {one.item: one.amount for one in items}
    used = dict.fromkeys(amount, 0)
    for (credit, charge), cents in made.items():
        assert cents > 0
        used[credit] += cents
        used[charge] += cents
    assert all(used[item] <= amount[item] for item in amount)
    waiting, owed = (
        sum(amount[one.item] - used[one.item] for one in items if one.side == side) for side in ("credit", "charge")
    )
    assert not (waiting and owed)
    assert sum(made.values()) == sum(used.values()) // 2


@given(told(), orders(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_credit_all_pinned_away_is_as_if_it_had_never_been(
    items: list[Standing], order: Order, data: st.DataObject
) -> None:
    """A payment taken back: the charge that stands against it takes it whole, from the beginning."""
    credits = [one for one in items if one.side == "credit"]
    if not credits:
        return
    gone = data.draw(st.sampled_from(credits))
    against = Standing(99, items[-1].step + 1, "charge", "", "service", gone.due_on, gone.amount)
    with_it = replay([*items, against], order=lambda step: order, pinned={(gone.item, 99): gone.amount})
    without = replay([one for one in items if one != gone], order=lambda step: order, pinned={})
    assert with_it.pop((gone.item, 99)) == gone.amount
    assert with_it == without


def test_current_bills_go_before_arrears_and_the_oldest_first_within_each() -> None:
    order = Order(KEYS, (), (), current_from=date(2026, 5, 1))
    days = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
    assert sorted(days, key=lambda day: order.turn(day, "service", "water")) == [days[2], days[3], days[0], days[1]]
    penalty_first = Order(("category", "due_on", "service"), ("penalty",), (), current_from=date(2026, 5, 1))
    old_penalty = penalty_first.turn(days[0], "penalty", "water")
    assert penalty_first.turn(days[2], "service", "water") < old_penalty, "arrears wait whatever they are for"


def test_more_pinned_than_there_is() -> None:
    items = [
        Standing(1, 1, "charge", "water", "service", FIRST, 100),
        Standing(2, 2, "credit", "", "service", FIRST, 50),
    ]
    with pytest.raises(OverPinned):
        replay(items, order=lambda step: order_of({}), pinned={(2, 1): 51})
