"""A year of dates: order and minimums always hold, no date on a day it avoids, every move explained."""

from __future__ import annotations

import doctest
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.billing.calendar import rules_made as made

from meterbook.engine.billing.calendar import (
    CycleDay,
    NoSuchDay,
    Period,
    breaches,
    holidays,
    parse_rules,
    period_dates,
    rules,
    words,
    year_calendar,
)
from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.billing.calendar.rules import Rules
from meterbook.engine.trace import Step

C1 = CycleDay("C1", 3)
ALDER = parse_rules(made.document())


def said(step: Step) -> str:
    return words.say(step, str, lambda day: f"{day:%a} {day.day} {day:%b}")


def told(period: Period, kind: str) -> list[str]:
    return [said(step) for each in period.dates if each.kind == kind for step in each.steps]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ladder=made.ladders(), year=st.integers(1991, 2200), read_day=st.integers(1, 28))
def test_whatever_the_rules_and_the_year_nothing_is_broken(ladder: Rules, year: int, read_day: int) -> None:
    """Order, minimums and closed days, judged by arithmetic of its own."""
    try:
        periods = year_calendar([ladder], CycleDay("X", read_day), year)
    except NoSuchDay:
        return
    days = Days(ladder)
    for period in periods:
        found = period.days()
        assert list(found.values()) == sorted(found.values())
        for rule in ladder.dates:
            day = found[rule.kind]
            names = {rules.WEEKDAYS[day.weekday()]}
            names |= {"weekend"} if day.weekday() > 4 else set()
            names |= {"holiday"} if day in holidays.us_holidays(day.year) else set()
            after = day + timedelta(days=1)
            names |= {"day_before_holiday"} if after in holidays.us_holidays(after.year) else set()
            assert not names & set(rule.avoid)
            for minimum in rule.minimums:
                since = found[minimum.after]
                counted = (day - since).days
                if minimum.count == "business":
                    between = (since + timedelta(days=at) for at in range(1, counted + 1))
                    counted = sum(each.weekday() in ladder.business_days and not days.holiday(each) for each in between)
                assert counted >= minimum.days
        assert breaches(ladder, found) == []


@settings(max_examples=60, deadline=None)
@given(year=st.integers(2024, 2400), read_day=st.integers(1, 28))
def test_alder_bend_keeps_californias_minimums_in_every_year(year: int, read_day: int) -> None:
    periods = year_calendar([ALDER], CycleDay("C1", read_day), year)
    assert [period.month.month for period in periods] == list(range(1, 13))
    for period in periods:
        day = period.days()
        assert (day["due"] - day["bill"]).days >= 21
        assert (day["shutoff"] - day["due"]).days >= 61
        assert (day["shutoff"] - day["shutoff_notice"]).days >= 15
        assert (day["shutoff_notice"] - day["bill"]).days >= 19
        assert day["shutoff"].weekday() < 4
        for near in (day["shutoff"], day["shutoff"] + timedelta(days=1)):
            assert near not in holidays.us_holidays(near.year) and (near.month, near.day) not in {(3, 31), (12, 24)}
        contact = [day["shutoff_notice"] + timedelta(days=at)
                   for at in range(1, (day["shutoff"] - day["shutoff_notice"]).days + 1)]  # fmt: skip
        assert sum(each.weekday() < 4 and each not in holidays.us_holidays(each.year) for each in contact) >= 7


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ladder=made.ladders(), year=st.integers(1991, 2200))
def test_a_year_is_the_same_whenever_it_is_worked_out(ladder: Rules, year: int) -> None:
    try:
        once = year_calendar([ladder], C1, year)
    except NoSuchDay:
        return
    assert once == year_calendar([ladder], C1, year)
    for period in once:
        assert period == period_dates(ladder, C1, period.month)
        fixed = {(period.month, kind): day for kind, day in period.days().items()}
        again = next(each for each in year_calendar([ladder], C1, year, fixed=fixed) if each.month == period.month)
        assert again.days() == period.days()


def test_the_fourth_of_july_and_the_day_before_are_said() -> None:
    """5 June 2026 is a Friday: 28 days later is Friday 3 July, kept as Independence Day."""
    policy = made.document()
    made.entry(policy, "due")["days"] = 28
    period = period_dates(parse_rules(policy), C1, date(2026, 6, 1))
    assert period.days()["due"] == date(2026, 7, 6)
    assert told(period, "due") == [
        "28 days after the bill, Fri 5 Jun.",
        "Moved from Fri 3 Jul: Independence Day (observed).",
        "Not on Sat 4 Jul: Independence Day.",
        "Not on Sun 5 Jul: Sunday.",
    ]


def test_a_minimum_longer_than_the_offset_moves_the_date_and_names_its_law() -> None:
    policy = made.document()
    made.entry(policy, "due")["days"] = 14
    period = period_dates(parse_rules(policy), C1, date(2026, 2, 1))
    assert period.days()["due"] == date(2026, 2, 26)
    assert told(period, "due") == [
        "14 days after the bill, Thu 5 Feb.",
        "Moved from Thu 19 Feb: at least 21 days after the bill, Thu 5 Feb. Alder Bend Municipal Code (invented) "
        "13.04.110, in the form of Roseville, CA: 21 days",
    ]


def test_a_notice_too_close_to_the_shutoff_stays_and_the_shutoff_moves() -> None:
    policy = made.document()
    made.entry(policy, "shutoff_notice")["days"] = -3
    period = period_dates(parse_rules(policy), C1, date(2026, 2, 1))
    day = period.days()
    assert day["shutoff_notice"] == date(2026, 4, 23) and day["shutoff"] == date(2026, 5, 11)
    assert "Moved from Tue 28 Apr: at least 15 days after the shutoff notice, Thu 23 Apr." in " ".join(
        told(period, "shutoff")
    )
    assert "Stays on Thu 23 Apr, although what it is counted from moved later." in told(period, "shutoff_notice")


def test_no_shutoff_the_day_before_a_holiday() -> None:
    policy = made.document()
    policy["holidays"]["own"].append(
        {"name": {"en": "Founders' Day", "es": "Día de los Fundadores"}, "once": date(2026, 4, 29), "citation": "code"}
    )
    period = period_dates(parse_rules(policy), C1, date(2026, 2, 1))
    assert period.days()["shutoff"] == date(2026, 4, 30)
    assert "Moved from Tue 28 Apr: the day before Founders' Day." in told(period, "shutoff")


def test_cycles_billed_every_other_month_have_six_periods() -> None:
    policy = made.document() | {"cycles": [{"cycle": "B2", "every_months": 2, "first_month": 2}]}
    changed = parse_rules(policy)
    months = [period.month.month for period in year_calendar([changed], CycleDay("B2", 10), 2027)]
    assert months == [2, 4, 6, 8, 10, 12]
    assert len(year_calendar([changed], C1, 2027)) == 12


def test_a_period_follows_the_version_in_force_on_its_read_day() -> None:
    policy = made.document() | {"effective": date(2026, 6, 4)}
    made.entry(policy, "due")["days"] = 30
    periods = year_calendar([ALDER, parse_rules(policy)], C1, 2026)
    lengths = [(period.days()["due"] - period.days()["bill"]).days >= 30 for period in periods]
    assert lengths == [False] * 6 + [True] * 6
    assert len(year_calendar([parse_rules(policy)], C1, 2026)) == 6
    assert year_calendar([parse_rules(policy)], C1, 2025) == ()


def test_a_date_set_by_hand_stays_and_what_is_counted_from_it_follows() -> None:
    free = period_dates(ALDER, C1, date(2026, 2, 1))
    moved = period_dates(ALDER, C1, date(2026, 2, 1), {"bill": date(2026, 2, 9)})
    assert moved.days()["bill"] == date(2026, 2, 9) and moved.days()["due"] == date(2026, 3, 2)
    assert moved.days()["read"] == free.days()["read"] and breaches(ALDER, moved.days()) == []
    early = period_dates(ALDER, C1, date(2026, 2, 1), {"due": date(2026, 2, 20)})
    assert [said(each.step) for each in breaches(ALDER, early.days())] == [
        "Due on Fri 20 Feb is too early: at least 21 days after the bill, Thu 5 Feb, and it is 15. "
        "Alder Bend Municipal Code (invented) 13.04.110, in the form of Roseville, CA: 21 days"
    ]


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("shutoff", date(2026, 5, 1), "Shutoff never falls on Fri 1 May: Friday."),
        ("shutoff", date(2026, 4, 22), "Shutoff on Wed 22 Apr is before the 48-hour notice, Thu 23 Apr."),
        (
            "final_notice",
            date(2026, 4, 27),
            "Shutoff on Tue 28 Apr is too early: at least 2 days after the 48-hour notice",
        ),
    ],
)
def test_a_breach_names_its_rule(kind: str, day: date, expected: str) -> None:
    dates = period_dates(ALDER, C1, date(2026, 2, 1)).days() | {kind: day}
    assert any(said(each.step).startswith(expected) for each in breaches(ALDER, dates))


def test_every_day_closed_is_refused_by_the_date_that_cannot_be() -> None:
    policy = made.document()
    made.entry(policy, "penalty")["avoid"] = ["weekend", "monday", "tuesday", "wednesday", "thursday", "friday"]
    with pytest.raises(NoSuchDay, match="penalty"):
        period_dates(parse_rules(policy), C1, date(2026, 2, 1))


def test_own_holidays_are_kept_where_the_policy_puts_them() -> None:
    days = Days(ALDER)
    assert said(days.holiday(date(2026, 11, 27)) or Step("")) == "Day after Thanksgiving"
    assert said(days.holiday(date(2024, 4, 1)) or Step("")) == "Cesar Chavez Day (observed)"
    policy = made.document()
    policy["holidays"]["not_kept"] = ["Columbus Day"]
    assert Days(ALDER).holiday(date(2026, 10, 12)) and not Days(parse_rules(policy)).holiday(date(2026, 10, 12))


def test_federal_names_are_all_in_the_catalogue() -> None:
    assert {each.name for each in holidays.FEDERAL_HOLIDAYS} == set(words.HOLIDAYS)


@pytest.mark.parametrize("module", [holidays, rules, words])
def test_the_examples_in_the_docstrings_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
