"""The policy of service orders in force on a day; without one, orders go by plain defaults."""

from __future__ import annotations

from datetime import date

from meterbook.engine.service_orders.rules import KindRules, OrderRules, parse_service_orders
from meterbook.records.platform.policies import NoPolicy, policy_as


def order_rules(day: date) -> OrderRules:
    """The rules in force; nothing asked, no codes and plain durations where no policy is released."""
    try:
        return policy_as("service-orders", day, parse_service_orders)[1]
    except NoPolicy:
        return OrderRules()


def kind_settings(kind: str, day: date) -> KindRules:
    """What one kind goes by on a day."""
    return order_rules(day).kind(kind)
