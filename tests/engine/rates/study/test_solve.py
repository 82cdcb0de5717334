"""Prices found for a revenue: as near as the steps allow, within every limit, in the document's own text."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.drafts.edits import edit_numbers, numbers
from meterbook.engine.rates.study.prepared import Study, prepare
from meterbook.engine.rates.study.solve import solve
from meterbook.engine.rates.study.wish import CannotSolve, Movable, RiseLimit, Share, Solution, Wish
from meterbook.engine.rates.tariff import parse_tariff

FIRST = date(2025, 1, 1)
TEXT = """\
# A draft with words of its own.
schedule: DRAFT
title: {en: Draft, es: Borrador}
commodity: water
unit: ccf
eligibility: {en: Anyone, es: Cualquiera}
versions:
  - version: "v"
    effective: 2025-01-01
    source: {utility: U, resolution: R, section: S, url: u, adopted: 2023-01-01}
    proration: {normal_days: 30, tolerance: [28, 34], source: s, usage_decimals: 1, tier_decimals: 1}
    components:
      - {id: base, component: fixed, label: {en: b, es: b}, revenue: "1", price: "12.00", per: period}  # keep
      - id: use
        component: tiered
        label: {en: w, es: w}
        revenue: "1"
        quantity: usage
        tiers:
          - {up_to: "10", price: "1.50"}
          - {up_to: "25", price: "2.10"}
          - {price: "2.75"}   # the drought of 2021
      - {id: tax, component: percent_tax, label: {en: t, es: t}, revenue: "2", base: [base, use], percent: "5"}
"""
BASE = "versions[0].components[0].price"
TIERS = "versions[0].components[1].tiers"
PRICES = tuple(f"{TIERS}[{at}].price" for at in range(3))
CENT = Decimal("0.01")


def _usage(units: list[tuple[str, str]]) -> pl.DataFrame:
    rows = [(f"a{at}", name, int(Decimal(used).scaleb(6))) for at, (name, used) in enumerate(units)]
    schema = {"account": pl.String, "class": pl.String, "det.usage": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(starts=pl.lit(FIRST), ends=pl.lit(FIRST + timedelta(days=30)))


def _study(units: list[tuple[str, str]]) -> Study:
    return prepare(parse_tariff(TEXT, file="draft.yaml"), _usage(units))


CITY = [("home", "3"), ("home", "8.4"), ("home", "14"), ("home", "40"), ("shop", "120"), ("shop", "9.9")] * 7


@pytest.fixture(scope="module")
def study() -> Study:
    return _study(CITY)


def _solve(study: Study, wish: Wish) -> Solution:
    return solve(study, TEXT, wish, file="draft.yaml")


def _raised(study: Study, changes: dict[str, Decimal], wish: Wish) -> int:
    """What prices raise, without the solver."""
    impact = study.impact(parse_tariff(edit_numbers(TEXT, changes), file="draft.yaml"))
    found = 0
    for one in impact.classes:
        mine = [part for part in one.components if not wish.components or part.component in wish.components]
        found += sum(part.revenue.new for part in mine) if not wish.classes or one.name in wish.classes else 0
    return found


amounts = st.tuples(
    st.sampled_from(["home", "shop"]), st.integers(0, 900).map(lambda tenths: str(Decimal(tenths) / 10))
)


@settings(max_examples=40, deadline=None)
@given(
    units=st.lists(amounts, min_size=1, max_size=30),
    path=st.sampled_from([BASE, *PRICES]),
    step=st.sampled_from(["0.01", "0.0001", "0.25"]).map(Decimal),
    percent=st.integers(-500, 3000).map(lambda value: Decimal(value).scaleb(-2)),
    components=st.sampled_from([(), ("base", "use")]),
)
def test_no_step_comes_nearer(
    units: list[tuple[str, str]], path: str, step: Decimal, percent: Decimal, components: tuple[str, ...]
) -> None:
    """The price found is compared with its neighbours; revenue rises with a price, so no other can be nearer."""
    study = _study(units)
    wish = Wish((Movable(path, step),), more_percent=percent, components=components)
    try:
        solution = _solve(study, wish)
    except CannotSolve as error:
        assert "raises nothing" in str(error)
        assert _raised(study, {path: Decimal(99)}, wish) == _raised(study, {}, wish)
        return
    price = numbers(solution.text, file="x")[path]
    assert price % step == 0
    assert solution.reached == _raised(study, {path: price}, wish)
    for other in (price - step, price + step):
        if other >= 0:
            away = abs(_raised(study, {path: other}, wish) - solution.wanted)
            assert abs(solution.reached - solution.wanted) <= away
    if price:
        assert not solution.limited_by


@settings(max_examples=25, deadline=None)
@given(
    units=st.lists(amounts, min_size=1, max_size=30),
    by=st.sampled_from(["percent", "amount"]),
    dollars=st.integers(-2000, 20000),
)
def test_tiers_move_together(units: list[tuple[str, str]], by: str, dollars: int) -> None:
    """What is wanted lies between two neighbouring choices, and what is found is the nearer one."""
    study = _study([*units, ("home", "60")])
    wish = Wish(tuple(Movable(path, CENT) for path in PRICES), by=by, more_cents=dollars)  # type: ignore[arg-type]
    solution = _solve(study, wish)
    found = numbers(solution.text, file="x")
    if solution.below is not None and solution.above is not None:
        assert solution.below <= solution.wanted <= solution.above
        assert solution.reached in (solution.below, solution.above)
        nearest = min(abs(solution.below - solution.wanted), abs(solution.above - solution.wanted))
        assert abs(solution.reached - solution.wanted) == nearest
        assert solution.above - solution.below <= _one_more(study, found, wish)
    else:
        assert all(found[path] == 0 for path in PRICES)
        assert solution.limited_by
    before = numbers(TEXT, file="x")
    moved = [found[path] - before[path] for path in PRICES]
    if by == "amount" and min(found[path] for path in PRICES):
        assert max(moved) - min(moved) <= CENT
    assert {edit.path for edit in solution.edits} == {path for path in PRICES if found[path] != before[path]}
    unknown = {**found, **{path: before[path] for path in PRICES}}
    assert unknown == before


def _one_more(study: Study, found: dict[str, Decimal], wish: Wish) -> int:
    """The most that one step of every price changes."""
    up = {path: found[path] + CENT for path in PRICES}
    down = {path: max(found[path] - CENT, Decimal(0)) for path in PRICES}
    return _raised(study, up, wish) - _raised(study, down, wish)


def test_a_worked_base_charge(study: Study) -> None:
    """42 bills: one cent of the base raises 42 cents, so $100 is 238 cents each and four cents too little."""
    wish = Wish((Movable(BASE, CENT),), more_cents=10_000, components=("base", "use"))
    solution = _solve(study, wish)
    assert [(edit.path, edit.old, edit.new) for edit in solution.edits] == [(BASE, Decimal("12.00"), Decimal("14.38"))]
    assert solution.reached - solution.wanted == -4
    assert (solution.wanted - (solution.below or 0), (solution.above or 0) - solution.wanted) == (4, 38)
    assert solution.text == TEXT.replace('"12.00"', '"14.38"')
    base = {one.name: one.components[0].revenue.difference for one in solution.impact.classes}
    assert base == {"home": 28 * 238, "shop": 14 * 238}


def test_few_pricings(study: Study) -> None:
    wish = Wish(tuple(Movable(path, Decimal("0.0001")) for path in PRICES), more_percent=Decimal("6.5"))
    assert _solve(study, wish).pricings < 20


def test_bounds_and_limits_are_kept_and_named(study: Study) -> None:
    capped = _solve(study, Wish((Movable(BASE, CENT, highest=Decimal("13.00")),), more_cents=10_000))
    assert capped.edits[0].new == Decimal("13.00")
    assert [step.words(str) for step in capped.limited_by] == ["Every number that may move stands at its bound."]
    rise = Wish((Movable(BASE, CENT),), more_cents=10_000, rises=(RiseLimit("home", cents=150),))
    limited = _solve(study, rise)
    assert limited.edits[0].new == Decimal("13.43")  # with five percent tax the bill rises by $1.50
    assert limited.limited_by[0].words(str) == "A bill of class home would rise by $2.38, more than $1.50."
    assert max(one.largest_rise for one in limited.impact.classes) <= 150


def test_percent_limit_is_not_passed_by_a_hair(study: Study) -> None:
    wish = Wish((Movable(PRICES[2], CENT),), more_percent=Decimal(10), rises=(RiseLimit(percent=Decimal(3)),))
    solution = _solve(study, wish)
    assert solution.limited_by
    for one in solution.impact.classes:
        assert (one.largest_rise_percent or Decimal(0)) <= 3
    more = edit_numbers(TEXT, {PRICES[2]: solution.edits[0].new + CENT})
    impact = study.impact(parse_tariff(more, file="x"))
    assert max(one.largest_rise_percent or Decimal(0) for one in impact.classes) > 3


def test_tiers_stay_inclining(study: Study) -> None:
    wish = Wish((Movable(PRICES[0], CENT),), more_percent=Decimal(20), inclining=(TIERS,))
    solution = _solve(study, wish)
    assert solution.edits[0].new == Decimal("2.10")
    assert "less than the tier before" in solution.limited_by[0].words(str)


def test_share_of_the_base(study: Study) -> None:
    wish = Wish(
        (Movable(BASE, CENT),), more_percent=Decimal(30), components=("base", "use"),
        shares=(Share(("base",), highest=Decimal(25)),),
    )  # fmt: skip
    solution = _solve(study, wish)
    assert "more than 25 percent of the revenue" in solution.limited_by[0].words(str)
    base, use = (
        sum(c.revenue.new for c in solution.impact.components if c.component == name) for name in ("base", "use")
    )
    assert base * 100 <= 25 * (base + use)
    assert (base + 42) * 100 > 25 * (base + 42 + use)


def test_one_class_may_be_what_counts(study: Study) -> None:
    wish = Wish((Movable(PRICES[2], CENT),), more_cents=3000, classes=("shop",))
    solution = _solve(study, wish)
    (shop,) = (one for one in solution.impact.classes if one.name == "shop")
    assert solution.reached == shop.revenue.new
    assert abs(shop.revenue.difference - 3000) <= 7 * 95 * 105 // 100 + 14


def test_wishes_that_contradict_themselves(study: Study) -> None:
    with pytest.raises(CannotSolve, match="Say one thing"):
        _solve(study, Wish((Movable(BASE, CENT),)))
    with pytest.raises(CannotSolve, match="no number of the draft"):
        _solve(study, Wish((Movable("versions[0].schedule", CENT),), more_cents=1))
    with pytest.raises(CannotSolve, match="Nothing may move"):
        _solve(study, Wish((), more_cents=1))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"classes": ("X",)}, "No bill of the study is of class X; its classes are home, shop."),
        ({"rises": (RiseLimit("House", cents=1),)}, "No bill of the study is of class House"),
        ({"components": ("bse",)}, "have a component bse; they have base, use, tax."),
        ({"shares": (Share(("base", "us"), highest=Decimal(10)),)}, "have a component us;"),
        ({"shares": (Share((), highest=Decimal(10)),)}, "A share of the revenue names no component."),
        ({"inclining": ("versions[0].components[9].tiers",)}, "components[9].tiers are no tiers of the draft"),
        ({"inclining": (BASE,)}, "are no tiers of the draft"),
    ],
)
def test_what_is_not_there_is_refused_by_name(study: Study, asked: dict[str, Any], words: str) -> None:
    """A misspelt limit would never be broken; a misspelt class would count nothing and still move a price."""
    with pytest.raises(CannotSolve) as refused:
        _solve(study, Wish((Movable(PRICES[0], CENT),), more_percent=Decimal(40), **asked))
    assert words in str(refused.value)


def test_bounds_the_wrong_way_round_are_refused(study: Study) -> None:
    with pytest.raises(CannotSolve, match="above its highest"):
        _solve(study, Wish((Movable(BASE, CENT, Decimal(5), Decimal(3)),), more_cents=1))


def _from(base: str) -> tuple[str, Study]:
    """Today's rates with another base charge: 50 bills of that alone, 100 of 100 units more."""
    text = edit_numbers(TEXT, {BASE: Decimal(base)}, file="draft.yaml")
    return text, prepare(parse_tariff(text, file="draft.yaml"), _usage([("home", "0")] * 50 + [("home", "100")] * 100))


@pytest.mark.parametrize(("zero_cents", "base"), [(0, "0.00"), (250, "2.38"), (None, "6.74")])
def test_a_bill_of_zero_does_not_rise_under_a_percent_limit(zero_cents: int | None, base: str) -> None:
    """No percent of nothing is something; how far such bills may rise is said in cents. $2.38 with tax is $2.50."""
    text, study = _from("0.00")
    limit = RiseLimit(percent=Decimal(5), zero_cents=zero_cents)
    wish = Wish(
        (Movable(BASE, CENT),), by="amount", more_percent=Decimal(4), rises=(limit,), components=("base", "use")
    )
    solution = solve(study, text, wish, file="draft.yaml")
    assert numbers(solution.text, file="x")[BASE] == Decimal(base)
    if zero_cents is None:
        assert not solution.limited_by
        return
    assert len(solution.limited_by) == 1
    words = f"A bill of class home that is zero today would rise by $7.08, more than ${zero_cents // 100}."
    assert solution.limited_by[0].words(str).startswith(words)
    assert solution.impact.classes[0].largest_rise_from_zero <= zero_cents


def test_a_credit_may_rise_by_the_percent_of_its_amount() -> None:
    """A credit of $10.50 under at most 20 percent ends at $8.40; the other bills rise by less."""
    text, study = _from("-10.00")
    wish = Wish((Movable(BASE, CENT),), by="amount", more_cents=90_000, rises=(RiseLimit(percent=Decimal(20)),))
    solution = solve(study, text, wish, file="draft.yaml")
    assert numbers(solution.text, file="x")[BASE] == Decimal("-8.00")
    assert "20%" in solution.limited_by[0].words(str)
