"""Due dates on days the office is open; federal holidays against their lists."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.billing.calendar import (
    FEDERAL_HOLIDAYS,
    HolidaysUnknown,
    business_day_on_or_after,
    due_date,
    us_holidays,
)
from meterbook.engine.billing.calendar import holidays as calendar

#: Weekdays federal offices are closed: 2009 and 2012 as the Office of Personnel Management published them, the others
#: worked out by hand from the statute.
CLOSED = {
    2009: "01-01 01-19 02-16 05-25 07-03 09-07 10-12 11-11 11-26 12-25",
    2012: "01-02 01-16 02-20 05-28 07-04 09-03 10-08 11-12 11-22 12-25",
    2021: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
}


@pytest.mark.parametrize("year", CLOSED)
def test_observed_weekdays_match_the_lists(year: int) -> None:
    assert [f"{day:%m-%d}" for day in us_holidays(year) if day.weekday() < 5] == CLOSED[year].split()


def test_a_weekend_holiday_is_there_on_both_days_and_juneteenth_since_2021() -> None:
    assert us_holidays(2026)[date(2026, 7, 4)] == "Independence Day"
    assert us_holidays(2026)[date(2026, 7, 3)] == "Independence Day (observed)"
    assert us_holidays(2021)[date(2021, 12, 31)] == "New Year's Day (observed)"
    assert date(2021, 12, 31) not in us_holidays(2022)
    assert date(2020, 6, 19) not in us_holidays(2020)


@pytest.mark.parametrize("year", [1985, 9999])
def test_a_year_outside_the_table_is_refused(year: int) -> None:
    with pytest.raises(HolidaysUnknown):
        us_holidays(year)


def test_the_examples_in_the_docstrings_run() -> None:
    assert doctest.testmod(calendar).failed == 0


def test_every_holiday_cites_its_law() -> None:
    assert all(holiday.citation.startswith("5 U.S.C. 6103") for holiday in FEDERAL_HOLIDAYS)


def test_ana_s_bill_is_never_due_on_the_fourth_of_july_weekend() -> None:
    holidays = frozenset(us_holidays(2026))
    assert due_date(date(2026, 6, 12), 21, holidays) == date(2026, 7, 6)
    assert due_date(date(2026, 6, 11), 21, holidays) == date(2026, 7, 2)
    assert due_date(date(2026, 6, 11), 0, frozenset()) == date(2026, 6, 11)
    with pytest.raises(ValueError, match="not due"):
        due_date(date(2026, 6, 11), -1, holidays)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1986, 1, 1), date(2100, 12, 1)))
def test_the_business_day_is_open_soon_and_stays_itself(day: date) -> None:
    holidays = frozenset(us_holidays(day.year)) | frozenset(us_holidays(day.year + 1))
    found = business_day_on_or_after(day, holidays)
    assert day <= found <= day + timedelta(days=4)
    assert found.weekday() < 5
    assert found not in holidays
    assert business_day_on_or_after(found, holidays) == found
