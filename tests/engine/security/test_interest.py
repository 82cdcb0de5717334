"""Interest on deposits: by hand, over a rate change and a leap year; both ways of computing it agree to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.security.columns import HELD, interest
from meterbook.engine.security.explain import Held, explain
from meterbook.engine.security.rules import InterestRules, Rate


def rules(*rates: tuple[date, int], year: str = "actual") -> InterestRules:
    return InterestRules(year, "account", 1, tuple(Rate(first, parts, "Resolution 1") for first, parts in rates))


def both(held: list[Held], rule: InterestRules) -> int:
    """The interest by columns, after making sure that the words come to the same."""
    rows = [(7, one.cents, one.starts, one.ends) for one in held]
    found: dict[int, int] = dict(interest(pl.DataFrame(rows, schema=dict(HELD), orient="row"), rule).iter_rows())
    assert explain(held, rule).cents == found.get(7, 0)
    return found.get(7, 0)


CHANGE = rules((date(2023, 1, 1), 43_500), (date(2024, 7, 1), 36_000))


def test_a_rate_change_within_a_leap_year() -> None:
    """$240 from 1 November 2023: 61 of 365 days and 182 of 366 at 4.35 %, then 184 of 366 at 3.6 %."""
    said = explain([Held(24_000, date(2023, 11, 1), date(2025, 1, 1))], CHANGE)
    by_hand = Fraction(24_000) * (
        Fraction(435, 10_000) * (Fraction(61, 365) + Fraction(182, 366)) + Fraction(36, 1_000) * Fraction(184, 366)
    )
    assert both([Held(24_000, date(2023, 11, 1), date(2025, 1, 1))], CHANGE) == 1_128 == round(by_hand)
    assert [step.values["days"] for step in said.steps] == [61, 182, 184]
    assert said.steps[1].words(str) == (
        "240.00 from 2024-01-01 to before 2024-07-01: 182 of 366 days at 4.35 % = 5.1915"
    )


def test_the_29th_of_february_is_a_day_like_any_other() -> None:
    one_rate = rules((date(2020, 1, 1), 36_600))
    assert both([Held(1_000_000, date(2024, 2, 28), date(2024, 3, 1))], one_rate) == 200
    assert both([Held(1_000_000, date(2023, 2, 28), date(2023, 3, 1))], one_rate) == 100


def test_half_a_cent_is_rounded_up() -> None:
    assert both([Held(500, date(2023, 1, 1), date(2024, 1, 1))], rules((date(2023, 1, 1), 1_000))) == 1
    assert both([Held(499, date(2023, 1, 1), date(2024, 1, 1))], rules((date(2023, 1, 1), 1_000))) == 0


def test_days_before_the_first_rate_bear_nothing_and_it_is_said() -> None:
    said = explain([Held(10_000, date(2022, 12, 1), date(2023, 1, 1))], CHANGE)
    assert both([Held(10_000, date(2022, 12, 1), date(2023, 1, 1))], CHANGE) == 0
    assert said.steps[0].words(str) == "31 days from 2022-12-01: no rate was set."


def test_nothing_held() -> None:
    assert both([], CHANGE) == 0
    assert both([Held(10_000, date(2024, 1, 1), date(2024, 1, 1))], CHANGE) == 0


DAYS = st.integers(0, 2_000).map(lambda n: date(2022, 6, 1) + timedelta(days=n))


@st.composite
def stretches(draw: Any) -> list[Held]:
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        starts, ends = sorted((draw(DAYS), draw(DAYS)))
        rows.append(Held(draw(st.integers(1, 10_000_000_00)), starts, ends))
    return rows


@settings(max_examples=60, deadline=None)
@given(
    stretches(), st.sampled_from(["actual", "365", "360"]), st.lists(st.integers(0, 1_000_000), min_size=2, max_size=2)
)
def test_both_ways_agree_with_counting_every_day(held: list[Held], year: str, parts: list[int]) -> None:
    rule = rules((date(2023, 3, 15), parts[0]), (date(2024, 7, 1), parts[1]), year=year)
    exact = Fraction(0)
    for one in held:
        day = one.starts
        while day < one.ends:
            rate = parts[1] if day >= date(2024, 7, 1) else parts[0] if day >= date(2023, 3, 15) else 0
            length = (366 if day.year % 4 == 0 else 365) if year == "actual" else int(year)
            exact += Fraction(one.cents * rate, 10**6 * length)
            day += timedelta(days=1)
    scaled = Decimal((exact * 10**20).numerator // (exact * 10**20).denominator).scaleb(-20)
    assert both(held, rule) == int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.mark.parametrize(("day", "cents"), [(date(2024, 7, 1), 10_000), (date(2024, 3, 1), 20_000)])
def test_interest_of_two_stretches_is_that_of_the_whole_before_rounding(day: date, cents: int) -> None:
    whole = [Held(cents, date(2024, 1, 1), date(2024, 12, 31))]
    cut = [Held(cents, date(2024, 1, 1), day), Held(cents, day, date(2024, 12, 31))]
    assert both(cut, CHANGE) == both(whole, CHANGE)
