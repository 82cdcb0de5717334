"""The policy on returned payments in force on a day."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.adjusting.returned import ReturnRules, parse_returns
from meterbook.records.platform.models import Document
from meterbook.records.platform.policies import policy_as


def return_rules_on(day: date) -> tuple[Document, ReturnRules]:
    """The rules and the document they stand in. Raises `NoPolicy`."""
    return policy_as("returned-payments", day, parse_returns)
