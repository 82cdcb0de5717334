"""The policy of locate tickets in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.service_orders.locates import LocateRules, parse_locates
from meterbook.records.platform.policies import NoPolicy, policy_as


def locate_rules(day: date) -> LocateRules:
    """The rules in force; without a policy there is no clock and no code."""
    try:
        return policy_as("locates", day, parse_locates)[1]
    except NoPolicy:
        return LocateRules()
