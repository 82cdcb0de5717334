"""The policy ``cases`` in force on a day, and the days the office works."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.calendar import HolidaysUnknown, parse_rules
from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.cases.clock import Working, weekday
from meterbook.engine.cases.rules import CaseRules, parse_cases
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import NoPolicy, policy_as


def case_rules_on(day: date) -> tuple[Document, CaseRules]:
    """The rules and the document they stand in. Raises `NoPolicy`."""
    return policy_as("cases", day, parse_cases)


def working_on(day: date) -> Working:
    """Whether the office works on a day, by the billing calendar in force; Monday to Friday where there is none."""
    try:
        days = Days(policy_as("billing-calendar", day, parse_rules)[1])
    except NoPolicy:
        return weekday

    def works(asked: date) -> bool:
        try:
            return days.is_business(asked)
        except HolidaysUnknown:
            return weekday(asked)

    return works
