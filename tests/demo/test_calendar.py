"""The published calendar is the one the city lives by: same reads, same bills; each December for the next year."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from meterbook.demo import sources
from meterbook.demo.calendar import CITY_ON, CURRENT, bill_on, month_of, read_on
from meterbook.demo.policies import calendars_due
from meterbook.engine.billing.calendar import CycleDay, due_date, parse_rules, us_holidays, year_calendar

CYCLES = sources.document("city")["cycles"].items()
RULES = parse_rules(yaml.safe_load((sources.POLICY_DIR / "billing-calendar.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_run_of_a_published_year_stands_in_the_calendar(year: int) -> None:
    holidays = frozenset({**us_holidays(year), **us_holidays(year + 1)})
    own = {date(year, 3, 31), date(year, 12, 24), date(2025, 11, 28), date(2026, 11, 27)}
    for code, read_day in CYCLES:
        for period in year_calendar([RULES], CycleDay(code, read_day), year):
            day, month = period.days(), month_of(period.month)
            assert (day["read"], day["bill"]) == (read_on(month, read_day), bill_on(month, read_day))
            assert day["read_closes"] == day["bill"] and (day["read"] - day["read_opens"]).days == 7
            usual = due_date(day["bill"], 21, holidays)
            assert day["due"] == usual or usual in own


def test_a_year_is_published_once_on_the_december_before_it() -> None:
    last = bill_on(CURRENT, 23)
    assert calendars_due(after=CITY_ON, until=last) == [2025, 2026]
    assert calendars_due(after=date(2024, 11, 25), until=date(2024, 12, 3)) == [2025]
    assert calendars_due(after=date(2024, 11, 30), until=date(2024, 12, 1)) == [2025]
    assert calendars_due(after=date(2024, 12, 1), until=date(2024, 12, 3)) == []
    assert calendars_due(after=date(2025, 1, 1), until=date(2025, 11, 30)) == []
