"""The billing calendar: holidays, due dates, and a year of dates per cycle that explain themselves. See README.md."""

from meterbook.engine.billing.calendar.check import Breach, breaches
from meterbook.engine.billing.calendar.configure import WrongCalendar, parse_rules
from meterbook.engine.billing.calendar.derive import NoSuchDay
from meterbook.engine.billing.calendar.holidays import (
    FEDERAL_HOLIDAYS,
    HolidaysUnknown,
    business_day_on_or_after,
    due_date,
    us_holidays,
)
from meterbook.engine.billing.calendar.rules import KINDS, CycleDay, Rules
from meterbook.engine.billing.calendar.year import Period, period_dates, year_calendar

__all__ = [
    "FEDERAL_HOLIDAYS",
    "KINDS",
    "Breach",
    "CycleDay",
    "HolidaysUnknown",
    "NoSuchDay",
    "Period",
    "Rules",
    "WrongCalendar",
    "breaches",
    "business_day_on_or_after",
    "due_date",
    "parse_rules",
    "period_dates",
    "us_holidays",
    "year_calendar",
]
