"""Limits that the draft itself breaks: kept prices are found where there are any, and compared with every other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.rates.study.test_solve import BASE, CENT, CITY, PRICES, TEXT, TIERS, _solve, _study

from meterbook.engine.rates.drafts.edits import edit_numbers, numbers
from meterbook.engine.rates.study.limits import limits
from meterbook.engine.rates.study.solve import counted, solve
from meterbook.engine.rates.study.wish import CannotSolve, Movable, RiseLimit, Share, Wish
from meterbook.engine.rates.tariff import parse_tariff

LINES = ("base", "use")
HALF = (Share(LINES[:1], lowest=Decimal(50)),)
MOST = (RiseLimit("home", cents=8_000),)


def test_a_draft_that_breaks_a_limit_is_healed_by_raising() -> None:
    """The base raises too little of all, the wish too much for one bill: between them lie prices that keep both."""
    wish = Wish((Movable(BASE, CENT),), more_percent=Decimal(400), components=LINES, shares=HALF, rises=MOST)
    solution = _solve(_study(CITY), wish)
    (edit,) = solution.edits
    assert edit.new == Decimal("88.19")  # $76.19 more, with five percent tax $80.00; half of all is $75.15
    assert max(one.largest_rise for one in solution.impact.classes if one.name == "home") == 8_000
    assert solution.reached < solution.wanted
    assert [step.message for step in solution.limited_by] == [
        "A bill of class {name} would rise by {rise}, more than {limit}."
    ]


def test_healing_may_go_beyond_what_is_wanted() -> None:
    wish = Wish((Movable(BASE, CENT),), more_percent=Decimal(5), components=LINES, shares=HALF)
    solution = _solve(_study(CITY), wish)
    base, use = (sum(one.revenue.new for one in solution.impact.components if one.component == name) for name in LINES)
    assert use <= base < use + len(CITY)
    assert solution.reached > solution.wanted
    assert solution.limited_by[0].words(str) == "base would raise less than 50 percent of the revenue."


def test_limits_that_exclude_each_other_are_all_named() -> None:
    wish = Wish(
        (Movable(BASE, CENT),), more_percent=Decimal(5), components=LINES, shares=HALF,
        rises=(RiseLimit("shop", cents=100),),
    )  # fmt: skip
    with pytest.raises(CannotSolve) as refused:
        _solve(_study(CITY), wish)
    words = str(refused.value)
    assert words.startswith("No prices on the way keep every limit.")
    assert "base would raise less than 50 percent" in words
    assert "A bill of class shop would rise by" in words


def test_a_limit_that_nothing_moves_is_named() -> None:
    """A draft that already raised the last tier: no base charge makes its tiers incline."""
    text = edit_numbers(TEXT, {PRICES[1]: Decimal("1.00")}, file="draft.yaml")
    wish = Wish((Movable(BASE, CENT),), more_percent=Decimal(5), inclining=(TIERS,))
    with pytest.raises(CannotSolve, match=r"Tier 2 would cost 1\.00, less than the tier before"):
        solve(_study(CITY), text, wish, file="draft.yaml")


def _maybe(low: int, high: int) -> st.SearchStrategy[Decimal | None]:
    return st.none() | st.integers(low, high).map(Decimal)


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    path = draw(st.sampled_from([BASE, *PRICES]))
    cents = draw(st.none() | st.integers(0, 6000))
    return Wish(
        (Movable(path, Decimal("0.5"), lowest=Decimal(0), highest=Decimal(40)),),
        more_percent=Decimal(draw(st.integers(-60, 300))),
        components=LINES,
        shares=(Share(("base",), draw(_maybe(5, 80)), draw(_maybe(20, 95))),),
        rises=(RiseLimit("home", cents, draw(_maybe(0, 200))), RiseLimit("shop", percent=draw(_maybe(0, 200)))),
        inclining=draw(st.sampled_from([(), (TIERS,)])),
    )


@settings(max_examples=20, deadline=None)
@given(wish=wishes(), drafted=st.sampled_from(["0.50", "2.00", "12.00", "31.00"]))
def test_what_keeps_every_limit_is_found_if_anything_does(wish: Wish, drafted: str) -> None:
    """Every step between the bounds is priced, and the nearest that keeps the limits compared with what is found."""
    study = _study(CITY[:6])
    path = wish.movables[0].path
    text = edit_numbers(TEXT, {path: Decimal(drafted)}, file="draft.yaml")
    kept: set[int] = set()
    for value in {Decimal(drafted), *(Decimal(at) / 2 for at in range(81))}:
        tried = edit_numbers(text, {path: value}, file="draft.yaml")
        impact = study.impact(parse_tariff(tried, file="draft.yaml"))
        if all(limit.room >= 0 for limit in limits(impact, wish, numbers(tried, file="draft.yaml"))):
            kept.add(counted(impact, wish, new=True))
    try:
        solution = solve(study, text, wish, file="draft.yaml")
    except CannotSolve as error:
        assert not kept, str(error)
        return
    assert solution.reached in kept
    assert abs(solution.reached - solution.wanted) == min(abs(each - solution.wanted) for each in kept)
