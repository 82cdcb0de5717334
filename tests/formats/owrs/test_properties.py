"""Random classes against the specification's rules written down a second time, in exact fractions."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.owrs.pricing import bill

numbers = st.decimals(min_value=0, max_value=500, places=2).map(lambda value: f"{value.normalize():f}")
percentages = st.lists(st.integers(1, 300), max_size=4)
starts = st.lists(st.integers(0, 60).map(str) | st.just("7.5"), min_size=1, max_size=5)
formulas = st.recursive(
    st.sampled_from(["usage_ccf", "units", "2.5", ".75", "3", "12"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        st.tuples(inner, st.sampled_from(["4", "748", "0.8"])).map(lambda parts: f"({parts[0]}*(1/{parts[1]}))"),
        st.tuples(st.sampled_from(["pmin", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(inner, inner, inner, inner).map(lambda p: f"ifelse({p[0]} >= {p[1]}, {p[2]}, {p[3]})"),
        inner.map(lambda one: f"-{one}"),
    ),
    max_leaves=8,
)  # fmt: skip


def tiered(usage: Fraction, ends: list[Fraction], prices: list[Fraction]) -> Fraction:
    """Usage between the ends, each never below the one before, at its price; the last price for the rest."""
    total = used = Fraction(0)
    for end, price in zip(ends, prices, strict=False):
        here = max(min(usage - used, end - used), Fraction(0))
        total, used = total + here * price, used + here
    return total + (usage - used) * prices[-1]


def half_even(value: Fraction) -> Fraction:
    below = math.floor(value)
    rest = value - below
    return Fraction(below + (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1)))


@settings(max_examples=60, deadline=None)
@given(usage=numbers, starts=starts, data=st.data())
def test_tiers_as_the_calculator_cuts_them(usage: str, starts: list[str], data: st.DataObject) -> None:
    prices = data.draw(st.lists(numbers, min_size=len(starts), max_size=len(starts)))
    keys = f"tier_starts: [{', '.join(starts)}]\ntier_prices: [{', '.join(prices)}]\n"
    found = bill(f"{keys}commodity_charge: Tiered\nbill: commodity_charge", usage=usage)
    ends = [Fraction(start) - 1 for start in starts[1:]]
    assert Fraction(found) == tiered(Fraction(usage), ends, [Fraction(price) for price in prices])


@settings(max_examples=60, deadline=None)
@given(
    usage=numbers, indoor=numbers, outdoor=numbers, percents=st.lists(st.integers(1, 300), max_size=4), data=st.data()
)
def test_budgets_as_the_calculator_cuts_them(
    usage: str, indoor: str, outdoor: str, percents: list[int], data: st.DataObject
) -> None:
    prices = data.draw(st.lists(numbers, min_size=len(percents) + 2, max_size=len(percents) + 2))
    items = ["0", "indoor", *(f"{percent}%" for percent in percents)]
    keys = f"indoor: {indoor}*1\noutdoor: {outdoor}*1\nbudget: indoor+outdoor\ntier_starts: [{', '.join(items)}]\n"
    keys += f"tier_prices: [{', '.join(prices)}]\ncommodity_charge: Budget\nbill: commodity_charge"
    inside, outside = half_even(Fraction(indoor)), half_even(Fraction(outdoor))
    ends = [inside, *(half_even((inside + outside) * percent / 100) for percent in percents)]
    expected = tiered(Fraction(usage), ends, [Fraction(price) for price in prices])
    assert Fraction(bill(keys, usage=usage)) == expected


def worked_out(formula: str, **names: str) -> Fraction:
    """The formula's exact value: its numbers are made fractions, the rest is Python's own arithmetic."""
    text = re.sub(r"(?<![\w.])(\d*\.?\d+)", r'Fraction("\1")', formula)
    scope = {"pmin": min, "max": max, "ifelse": lambda truth, yes, no: yes if truth else no, "Fraction": Fraction}
    return Fraction(eval(text, {"__builtins__": {}, **scope, **{key: Fraction(one) for key, one in names.items()}}))


@settings(max_examples=120, deadline=None)
@given(formula=formulas, usage=numbers, units=st.integers(0, 40).map(str))
def test_formulas_come_to_what_they_say(formula: str, usage: str, units: str) -> None:
    expected = worked_out(formula, usage_ccf=usage, units=units)
    if abs(expected) > 10**8:
        return
    found = bill(f"bill: {formula}", usage=usage, units=units)
    assert abs(Fraction(found) - expected) <= max(abs(expected), 1) * Fraction(1, 10**9)
