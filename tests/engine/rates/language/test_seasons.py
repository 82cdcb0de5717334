"""Seasons cut a bill without losing a day or a unit: leap years, the turn of the year, changes of version."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.rates.language.conftest import Write

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.language.seasons import EACH, Season, occurrences
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import OutOfRange

SEASONS = """\
seasons:
  winter: {from: "11-16", until: "03-01"}
  spring: {from: "03-01", until: "06-01"}
  summer: {from: "06-01", until: "11-16"}
inputs:
  usage: {kind: usage}
values:
  rate: {by: [season], table: {winter: 1, spring: 2, summer: 3}}
"""
CHARGES = """\
id: each, component: per_unit, season: each, quantity: usage, price: rate
id: winter, component: per_unit, season: winter, quantity: usage, price: 1
id: spring, component: per_unit, season: spring, quantity: usage, price: 1
id: summer, component: per_unit, season: summer, quantity: usage, price: 1
id: daily, component: fixed, season: each, price: 1, per: day
id: base, component: fixed, season: each, price: 30, per: period
id: tiers, component: tiered, season: each, quantity: usage, tiers: [{up_to: 60, price: 1}, {price: rate}]
"""
usages = st.one_of(st.integers(0, 900), st.integers(0, 90000)).map(lambda value: Decimal(value).scaleb(-2))
starts = st.integers(0, 2000).map(lambda days: date(2023, 6, 1) + timedelta(days=days))


@pytest.fixture(scope="module")
def tariff(write: Write) -> Tariff:
    """Three seasons, one of them across the new year, and a second version from 2025-01-20."""
    return write(CHARGES, head=SEASONS, more=(("2025-01-20", CHARGES.replace("price: 30", "price: 45"), SEASONS),))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=starts, days=st.integers(1, 200), usage=usages)
def test_the_pieces_are_the_whole(tariff: Tariff, first: date, days: int, usage: Decimal) -> None:
    first = max(first, date(2024, 1, 1))
    period, facts = (first, first + timedelta(days=days)), {"usage": usage}
    lines = amounts(tariff, *period, facts)
    for names in (["each"], ["winter", "spring", "summer"], ["tiers"]):
        assert sum((line[7] for line in lines if line[0] in names), Decimal(0)) == usage
    daily = [line for line in lines if line[0] == "daily"]
    assert sum(line[7] for line in daily) == days
    assert [line[3] for line in daily] == [first, *(line[6] for line in daily[:-1])]
    assert daily[-1][6] == period[1]
    frame = bills_frame(tariff, [(*period, facts)])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=st.lists(st.tuples(starts, st.integers(1, 200), usages), min_size=2, max_size=9))
def test_many_bills_at_once_are_each_its_own(tariff: Tariff, bills: list[tuple[date, int, Decimal]]) -> None:
    listed = [(max(first, date(2024, 1, 1)), days, usage) for first, days, usage in bills]
    frame = bills_frame(tariff, [(one, one + timedelta(days=days), {"usage": used}) for one, days, used in listed])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


@pytest.mark.parametrize(
    ("first", "after", "days"),
    [
        (date(2024, 2, 20), date(2024, 3, 10), {"winter": 10, "spring": 9}),  # a leap day
        (date(2025, 2, 20), date(2025, 3, 10), {"winter": 9, "spring": 9}),
        (date(2024, 12, 20), date(2025, 1, 15), {"winter": 26}),  # the turn of the year
        (date(2024, 11, 15), date(2024, 11, 16), {"summer": 1}),
        (date(2024, 11, 16), date(2024, 11, 17), {"winter": 1}),
        (date(2024, 5, 31), date(2024, 6, 2), {"spring": 1, "summer": 1}),
    ],
)
def test_days_of_seasons(tariff: Tariff, first: date, after: date, days: dict[str, int]) -> None:
    lines = amounts(tariff, first, after, {"usage": Decimal(0)})
    daily = [(line[3], line[6]) for line in lines if line[0] == "daily"]
    assert [(ends - begins).days for begins, ends in daily] == list(days.values())


def test_a_season_says_so_in_words(tariff: Tariff) -> None:
    bill = explain(tariff, starts=date(2024, 5, 17), ends=date(2024, 6, 16), determinants={"usage": Decimal(60)})
    (spring, summer) = [line for line in bill.lines if line.component == "each"]
    assert [line.amount_cents for line in (spring, summer)] == [6000, 9000]
    assert "Season spring: 15 of the bill's 30 days." in [step.words(str) for step in spring.steps()]
    (words,) = [step.words(str) for step in summer.steps() if "table of rate" in step.words(str)]
    assert words == "For season summer the table of rate has 3."


def test_a_bill_through_more_seasons_than_lines_have_room_for_is_refused(tariff: Tariff) -> None:
    period, facts = (date(2024, 1, 1), date(2029, 12, 1)), {"usage": Decimal(1)}
    with pytest.raises(OutOfRange, match="seasons"):
        amounts(tariff, *period, facts)
    with pytest.raises(OutOfRange, match="seasons"):
        price(tariff, bills_frame(tariff, [(*period, facts)]))


month_days = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: (day.month, day.day))


@given(bounds=st.sets(month_days, min_size=1, max_size=5), first=starts, days=st.integers(1, 900))
def test_any_seasons_cover_every_day_once(bounds: set[tuple[int, int]], first: date, days: int) -> None:
    edges = sorted(bounds)
    following = [*edges[1:], edges[0]]
    seasons = tuple(Season(f"s{at}", one, two) for at, (one, two) in enumerate(zip(edges, following, strict=True)))
    last = first + timedelta(days=days)
    found = occurrences(seasons, wanted=EACH, first=first, last=last)
    for day in (first + timedelta(days=at) for at in range(days)):
        assert len([one for one in found if one.starts <= day < one.ends]) == 1
